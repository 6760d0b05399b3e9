import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // End-to-end tests wait for processes most of the time. A container may see many more cores than it has time on.
    maxWorkers: Math.min(availableParallelism(), 8),
    // Only a test that hangs comes near these, on however busy a machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
