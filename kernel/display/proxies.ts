/** Sees through Proxies without running their traps: only `util.inspect` can, so this reads what it prints. */
import { types } from 'node:util';
import { inspectWithin } from './budget.ts';

/** The target and handler of a Proxy as one line of text, without strings and without custom inspection. */
function proxyText(proxy: object): string {
  const options = {
    showProxy: true,
    customInspect: false,
    depth: 1,
    maxStringLength: 0,
    breakLength: Number.POSITIVE_INFINITY,
  };
  return inspectWithin(proxy, options, 50_000) ?? '';
}

/**
 * Whether the target of a Proxy itself carries a display method, as nodejs-polars' data frames do. Other Proxies
 * (API clients that answer every name with a function, say) must not be asked: the question would run a trap.
 */
export function proxyDeclaresDisplay(proxy: object): boolean {
  return /\[Symbol\(Jupyter\.display\)\]: \[\w*Function/.test(proxyText(proxy));
}

/** Whether the target of a Proxy is a Proxy; `util.inspect` would run that one's traps unless `showProxy` is on. */
export function wrapsProxy(proxy: object): boolean {
  return /^Proxy \[\s*(Proxy|<Revoked)/.test(proxyText(proxy));
}

/** Whether a Proxy stands somewhere on the prototype chain; `util.inspect` would run its traps. */
export function inheritsFromProxy(value: object): boolean {
  if (types.isProxy(value)) return false;
  let prototype = Object.getPrototypeOf(value);
  while (prototype !== null) {
    if (types.isProxy(prototype)) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}
