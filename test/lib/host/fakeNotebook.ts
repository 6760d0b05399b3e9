import type { DisplayBundle, DisplayOptions } from '../../../lib/host.ts';

export interface Shown {
  readonly bundle: DisplayBundle;
  readonly options: DisplayOptions;
}

/** Puts a host where the kernel puts its own, and records what it is given. */
export function openNotebook(): { shown: Shown[]; cleared: object[]; close(): void } {
  const shown: Shown[] = [];
  const cleared: object[] = [];
  const key = Symbol.for('tunelab.host');
  const global = globalThis as Record<symbol, unknown>;
  global[key] = {
    isNotebook: true,
    display: (bundle: DisplayBundle, options: DisplayOptions = {}) => shown.push({ bundle, options }),
    clearOutput: (options: object) => cleared.push(options),
  };
  return { shown, cleared, close: () => delete global[key] };
}
