import { createInterface } from 'node:readline/promises';
import { UsageError } from './usage-error.ts';

/** Asks a person. */
export interface Questions {
  /** The answer, or `usual` if there is none. */
  ask(question: string, usual: string): Promise<string>;
  close(): void;
}

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Reads one line per question. Without a terminal, lines may come from a pipe. */
export function openQuestions(input: Input, output: NodeJS.WritableStream): Questions {
  const reader = createInterface({ input, output, terminal: input.isTTY === true });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async ask(question, usual) {
      output.write(`${question}${usual === '' ? '' : ` [${usual}]`}: `);
      const { value, done } = await lines.next();
      if (done) throw new UsageError('no answer: use the options of init where nobody can be asked');
      return String(value).trim() || usual;
    },
    close: () => reader.close(),
  };
}
