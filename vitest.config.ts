import { defineConfig } from 'vitest/config'

// Two cores, one TensorFlow: files run two at a time in processes of their own, because the native binding is a
// process-wide singleton and an engine test must be able to count its tensors.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/postgres-global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
