import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // End-to-end tests wait for processes most of the time.
    maxWorkers: '100%',
    // Only a test that hangs comes near these.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
