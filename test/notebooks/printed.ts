/** What a check of an exercise prints. */
import { vi } from 'vitest';

export async function printed(check: () => unknown): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => void lines.push(values.join(' ')));
  try {
    await check();
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}
