// Lint: typed rules (no floating promise, type-only imports) and the direction of imports between the rooms.
import { existsSync } from 'node:fs'
import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

/** What each room may import beside itself; the table of the design page, enforced. */
const mayImport = {
  'services/engine': [],
  shared: [],
  'services/monitor': ['services/engine', 'shared'],
  'services/trainer': ['services/monitor', 'services/engine', 'shared'],
  'services/inference': ['services/engine', 'shared'],
  'services/api': ['shared'],
  'services/notifier': ['shared'],
  'services/client': [],
  'services/cli': ['services/client', 'services/engine', 'shared'],
}
const rooms = [...Object.keys(mayImport), 'services/dashboard', 'infra', 'tests']

function forbidRooms(room, allowed) {
  const forbidden = rooms.filter((other) => other !== room && !allowed.includes(other))
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: forbidden.map((other) => ({
            regex: `^(\\.\\./)+${other.replace('services/', '(services/)?')}/`,
            message: `${room} may import only: ${['itself', ...allowed].join(', ')}`,
          })),
        },
      ],
    },
  }
}

/** The page talks HTTP and takes types alone from the others: those of what it receives. */
const dashboardImports = {
  files: ['services/dashboard/**/*.{ts,tsx}'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(\\.\\./)+(shared|services|infra|tests|api|engine|inference|monitor|notifier|trainer)/',
            allowTypeImports: true,
            message: 'services/dashboard may import only itself, and types',
          },
        ],
      },
    ],
  },
}

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'dist',
      '.palimpsest',
      'migrations',
      'services/dashboard/dist*',
      'services/client/openapi.ts',
      '.sst',
      'sst.config.ts',
      // Their types are SST's, which `npm run setup:aws` fetches.
      ...(existsSync('.sst') ? [] : ['infra/aws/*.ts']),
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: [
      'infra/**',
      'tests/benchmarks/**',
      'tests/contract/**',
      'tests/golden/**',
      'tests/tutorial/**',
      '**/*.mjs',
      'services/trainer/*/train-*-adapter.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false } },
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-undef': 'off', 'no-console': 'off' }, // tsc checks names, in these files too
  },
  ...Object.entries(mayImport).map(([room, allowed]) => forbidRooms(room, allowed)),
  dashboardImports,
)
