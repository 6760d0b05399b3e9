/** Values that say themselves how to be shown, through `Symbol.for('Jupyter.display')`. */
import { types } from 'node:util';
import { bundleOf, displaySymbol, type MimeBundle } from './bundle.ts';
import { describeThrown, inspectValue } from './inspect.ts';
import { mimeBundle } from './mime.ts';
import { findDescriptor, isThenable } from './properties.ts';
import { proxyDeclaresDisplay } from './proxies.ts';

/** Display functions may return values that have one; this many times. */
const maxHops = 5;

/** The bundle that the value's own display method makes; undefined when it has none. */
export function customBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  if (!declaresDisplay(value)) return undefined;
  return runDisplay(value, 'display function', () => {
    const display = (value as Record<symbol, unknown>)[displaySymbol];
    return typeof display === 'function' ? display.call(value) : display;
  });
}

/**
 * Runs a value's own way to show itself. Where it fails, the bundle is the value's text form and one line that says why.
 *
 * @param name what the line calls the function
 */
export function runDisplay(
  value: object,
  name: string,
  display: () => unknown,
): MimeBundle | Promise<MimeBundle> {
  const failed = (error: unknown) => failure(value, name, error);
  try {
    const result = display();
    const shown = isThenable(result)
      ? Promise.resolve(result).then(settled => fromResult(settled))
      : fromResult(result);
    return shown instanceof Promise ? shown.catch(failed) : shown;
  } catch (error) {
    return failed(error);
  }
}

function declaresDisplay(value: object): boolean {
  if (types.isProxy(value)) return proxyDeclaresDisplay(value);
  const descriptor = findDescriptor(value, displaySymbol);
  if (descriptor === undefined) return false;
  return descriptor.get !== undefined || (descriptor.value !== undefined && descriptor.value !== null);
}

function fromResult(result: unknown, hops = 0): MimeBundle | Promise<MimeBundle> {
  if (typeof result !== 'object' || result === null || !declaresDisplay(result)) return mimeBundle(result);
  if (hops >= maxHops) throw new TypeError('it returns one displayable value after another');
  const next = (result as Record<symbol, () => unknown>)[displaySymbol]!.call(result);
  if (!isThenable(next)) return fromResult(next, hops + 1);
  return Promise.resolve(next).then(settled => fromResult(settled, hops + 1));
}

function failure(value: object, name: string, error: unknown): MimeBundle {
  return bundleOf({
    'text/plain': `${inspectValue(value)}\n\nThe ${name} of this value failed: ${describeThrown(error)}`,
  });
}
