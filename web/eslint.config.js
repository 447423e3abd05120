import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'src/generated', 'node_modules', 'tests/out'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      'no-undef': 'off', // the compiler checks names
      'svelte/no-navigation-without-resolve': 'off', // that rule is for SvelteKit
      'svelte/prefer-svelte-reactivity': 'off', // maps and URL parameters here are built once, not mutated
      'svelte/no-useless-children-snippet': 'off', // `children` is named where a legend stands beside it
      'svelte/require-each-key': 'error',
      'svelte/no-at-html-tags': 'error',
    },
  },
);
