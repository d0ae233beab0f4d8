/** The answers of a `Answers` as node:dns gives them, for evaluators of others. A failure is a timeout. */
import type { Answers } from './answers.ts';

type Texts = readonly (string | readonly string[] | { readonly exchange: string; readonly priority: number })[];

export function nodeResolver(answers: Answers) {
  const byName = new Map(Object.entries(answers).map(([name, entry]) => [name.toLowerCase(), entry]));
  return async (name: string, type: string): Promise<Texts> => {
    const entry = byName.get(name.toLowerCase().replace(/\.$/, ''));
    if (entry === undefined) throw error('ENOTFOUND', name);
    const values = entry === 'failed' ? entry : entry[type as 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR'];
    if (values === 'failed') throw error('ETIMEOUT', name);
    if (values === undefined || values.length === 0) throw error('ENODATA', name);
    return values.map((value) => {
      if (typeof value === 'object') return { exchange: value.host, priority: value.preference };
      return type === 'TXT' ? [value] : value;
    });
  };
}

function error(code: string, name: string): Error {
  return Object.assign(new Error(`${name}: ${code}`), { code });
}
