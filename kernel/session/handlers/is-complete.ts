import type { Handler } from './index.ts';

export const isComplete: Handler = async request => {
  // The parser is loaded when a console first asks.
  const { checkComplete } = await import('../../intellisense/is-complete.ts');
  return checkComplete(String(request.content.code ?? ''));
};
