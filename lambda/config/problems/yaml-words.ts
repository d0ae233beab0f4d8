/** What the YAML parser finds wrong, in words. Its own messages repeat text of the file, which may be a password. */
import type { ErrorCode } from 'yaml';
import type { YamlFault } from './yaml-aliases-and-duplicate-keys.ts';

interface Words {
  readonly message: string;
  readonly suggestion?: string;
}

interface Mistake {
  readonly code: ErrorCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const QUOTE_IT: Words = {
  message: 'a value cannot begin with this character',
  suggestion: 'put the value in quotes',
};

const INDENTATION: Words = {
  message: 'the indentation of this line does not fit',
  suggestion: 'the keys of one entry begin in the same column, the one after `- `',
};

const BRACKET: Words = {
  message: 'a closing bracket, brace or comma is missing',
  suggestion: 'each `[` needs a `]`, each `{` a `}`, and a comma separates entries',
};

/** Other codes need no words of their own: `UNREAD`. */
const WORDS: Partial<Readonly<Record<ErrorCode, Words>>> = {
  BAD_DQ_ESCAPE: {
    message: 'a backslash in double quotes begins an escape, and this one does not exist',
    suggestion: 'use single quotes, in which a backslash is a backslash',
  },
  BAD_INDENT: BRACKET,
  BLOCK_IN_FLOW: BRACKET,
  BAD_SCALAR_START: QUOTE_IT,
  BLOCK_AS_IMPLICIT_KEY: INDENTATION,
  MISSING_CHAR: INDENTATION,
  MULTILINE_IMPLICIT_KEY: INDENTATION,
  MULTIPLE_DOCS: { message: 'the file has several documents', suggestion: 'remove the line `---`' },
  TAB_AS_INDENT: { message: 'a tab cannot be used for indentation', suggestion: 'use spaces' },
  UNEXPECTED_TOKEN: {
    message: 'this text does not belong here',
    suggestion: 'check the indentation, and put a value with `{`, `[`, `#`, `|` or `>` in quotes',
  },
  BAD_ALIAS: QUOTE_IT,
};

const UNREAD: Words = { message: 'this cannot be read' };

export function yamlFault(mistake: Mistake, text: string): YamlFault {
  if (/call stack/.test(mistake.message)) return faultOf(mistake, { message: 'nested too deeply' });
  return special(mistake, text) ?? faultOf(mistake, WORDS[mistake.code] ?? UNREAD);
}

function faultOf({ start, end }: Pick<Mistake, 'start' | 'end'>, { message, suggestion }: Words): YamlFault {
  return { span: { start, end }, message: `not valid YAML: ${message}`, suggestion: suggestion ?? null };
}

/** Mistakes that have one code in the parser and several causes. */
function special(mistake: Mistake, text: string): YamlFault | null {
  const { code, message, start } = mistake;
  const line = text.slice(start).split('\n', 1)[0] ?? '';
  if (/^Missing closing/.test(message)) return faultOf(quoteBefore(text, mistake), CLOSING_QUOTE);
  if (code === 'MULTILINE_IMPLICIT_KEY' && /^[\w-]+:\S/.test(line))
    return faultOf({ start, end: start + line.length }, NO_SPACE);
  if (code === 'MULTILINE_IMPLICIT_KEY' && !/:(?:\s|$)/.test(line))
    return faultOf({ start, end: start + line.length }, NO_COLON);
  if (code !== 'BLOCK_AS_IMPLICIT_KEY') return null;
  if (/:(?:\s|$)/.test(line)) return faultOf({ start, end: start + line.length }, COLON);
  const below = /^[^\n]*\n(?:[ \t]*\n)*[ \t]*/.exec(text.slice(start));
  if (below === null || line.trim() === '') return null;
  return faultOf({ start: start + below[0].length, end: start + below[0].length + 1 }, DEEPER);
}

/** The parser finds the end of the file; the mistake is where the quote begins. */
function quoteBefore(text: string, { start, message }: Mistake): { start: number; end: number } {
  const quote = message.includes("'") ? "'" : '"';
  const opened = text.lastIndexOf(quote, start);
  return opened === -1 ? { start, end: start + 1 } : { start: opened, end: opened + 1 };
}

const CLOSING_QUOTE: Words = { message: 'the closing quote is missing' };
const NO_SPACE: Words = { message: 'a space is missing after the colon' };
const NO_COLON: Words = {
  message: 'this line has no key, or its colon is missing',
  suggestion: 'write `key: value`, with a space after the colon',
};
const COLON: Words = {
  message: 'the value contains a colon and a space, which begin a value',
  suggestion: 'put the value in quotes',
};
const DEEPER: Words = {
  message: 'this line is indented deeper than the key above it, which has a value already',
  suggestion: 'the keys of one entry begin in the same column, the one after `- `',
};
