/** What the YAML parser finds wrong, in words. Its own messages repeat text of the file, which may be a password. */
import type { ErrorCode } from 'yaml';
import type { YamlFault } from './yaml-aliases-and-duplicate-keys.ts';
import * as words from './yaml-sentences.ts';

/** A mistake as the parser tells it. */
export interface Mistake {
  readonly code: ErrorCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Of each code of the parser. */
const BY_CODE: Readonly<Record<ErrorCode, words.Words>> = {
  ALIAS_PROPS: words.ALIAS_WITH_ANCHOR,
  BAD_ALIAS: words.EMPTY_NAME,
  BAD_COLLECTION_TYPE: words.TAG,
  BAD_DIRECTIVE: words.DIRECTIVE,
  BAD_DQ_ESCAPE: words.ESCAPE,
  BAD_INDENT: words.INDENTATION,
  BAD_PROP_ORDER: words.ANCHOR_BEFORE_DASH,
  BAD_SCALAR_START: words.QUOTE_IT,
  BLOCK_AS_IMPLICIT_KEY: words.INDENTATION,
  BLOCK_IN_FLOW: words.BRACKET,
  DUPLICATE_KEY: words.DUPLICATE_KEY,
  IMPOSSIBLE: words.UNREADABLE,
  KEY_OVER_1024_CHARS: words.LONG_KEY,
  MISSING_CHAR: words.INDENTATION,
  MULTILINE_IMPLICIT_KEY: words.INDENTATION,
  MULTIPLE_ANCHORS: words.TWO_ANCHORS,
  MULTIPLE_DOCS: words.DOCUMENTS,
  MULTIPLE_TAGS: words.TWO_TAGS,
  NON_STRING_KEY: words.KEY_IS_NO_TEXT,
  RESOURCE_EXHAUSTION: words.TOO_DEEP,
  TAB_AS_INDENT: words.TAB,
  TAG_RESOLVE_FAILED: words.TAG,
  UNEXPECTED_TOKEN: words.OUT_OF_PLACE,
};

type Span = Pick<Mistake, 'start' | 'end'>;

/** Several mistakes have one code: the parser's message, or the text at the place, tells them apart. */
interface Cause {
  readonly code: ErrorCode;
  readonly message: RegExp;
  /** From the place to the end of its line. */
  readonly line?: RegExp;
  readonly words: words.Words;
  /** Where the mistake is, if not where the parser found it. */
  readonly place?: (mistake: Mistake, text: string) => Span | null;
}

const CAUSES: readonly Cause[] = [
  { code: 'BAD_INDENT', message: /^Flow/, words: words.BRACKET, place: opening },
  { code: 'BLOCK_IN_FLOW', message: /./, line: /^-(?:\s|$)/, words: words.DASHES_IN_BRACKETS },
  { code: 'MISSING_CHAR', message: /^Missing closing/, words: words.CLOSING_QUOTE, place: quoteBefore },
  { code: 'MISSING_CHAR', message: /must end with a/, words: words.BRACKET, place: opening },
  { code: 'MISSING_CHAR', message: /^Missing , /, words: words.COMMA },
  { code: 'MISSING_CHAR', message: /^Missing space after :/, words: words.NO_SPACE, place: wholeLine },
  { code: 'MISSING_CHAR', message: /^Comments must be separated/, words: words.COMMENT },
  { code: 'MISSING_CHAR', message: /^Block collection cannot start/, words: words.BEHIND_DOCUMENT_START },
  { code: 'MISSING_CHAR', message: /directives-end/, words: words.DIRECTIVE },
  { code: 'MISSING_CHAR', message: /^Tags and anchors must be separated/, words: words.ANCHOR_WITHOUT_SPACE },
  { code: 'MISSING_CHAR', message: /^Missing newline after/, words: words.ANCHOR_BEFORE_DASH },
  { code: 'MISSING_CHAR', message: /^Implicit map keys/, line: /^[^:]*$/, words: words.NO_COLON, place: wholeLine },
  { code: 'MULTILINE_IMPLICIT_KEY', message: /flow sequence/, words: words.COMMA },
  { code: 'MULTILINE_IMPLICIT_KEY', message: /./, line: /^[\w-]+:\S/, words: words.NO_SPACE, place: wholeLine },
  { code: 'MULTILINE_IMPLICIT_KEY', message: /./, line: /^(?!.*:(?:\s|$))/, words: words.NO_COLON, place: wholeLine },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /^A block sequence/, words: words.INDENTATION },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /./, line: /:(?:\s|$)/, words: words.COLON, place: wholeLine },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /./, line: /\S/, words: words.DEEPER, place: lineBelow },
  { code: 'UNEXPECTED_TOKEN', message: /^Unexpected (?:,|empty item)/, words: words.TWO_COMMAS },
  { code: 'UNEXPECTED_TOKEN', message: /flow-(?:map|seq)-end/, words: words.CLOSING_BRACKET },
  { code: 'UNEXPECTED_TOKEN', message: /block-seq-ind on same line/, words: words.DASH_BEHIND_KEY },
];

export function yamlFault(mistake: Mistake, text: string): YamlFault {
  const line = text.slice(mistake.start).split('\n', 1)[0] ?? '';
  for (const cause of CAUSES) {
    if (cause.code !== mistake.code || !cause.message.test(mistake.message)) continue;
    if (cause.line !== undefined && !cause.line.test(line)) continue;
    const span = cause.place === undefined ? mistake : cause.place(mistake, text);
    if (span !== null) return faultOf(span, cause.words);
  }
  return faultOf(mistake, BY_CODE[mistake.code] ?? words.UNREADABLE);
}

export function faultOf({ start, end }: Span, { message, suggestion }: words.Words): YamlFault {
  return { span: { start, end }, message: `not valid YAML: ${message}`, suggestion };
}

function wholeLine({ start }: Mistake, text: string): Span {
  return { start, end: start + (text.slice(start).split('\n', 1)[0] ?? '').length };
}

/** The next line that is not empty. */
function lineBelow({ start }: Mistake, text: string): Span | null {
  const below = /^[^\n]*\n(?:[ \t]*\n)*[ \t]*/.exec(text.slice(start));
  return below === null ? null : { start: start + below[0].length, end: start + below[0].length + 1 };
}

/** The parser finds the end of the file; the mistake is where the quote begins. */
function quoteBefore({ start, message }: Mistake, text: string): Span {
  const opened = text.lastIndexOf(message.includes("'") ? "'" : '"', start);
  return opened === -1 ? { start, end: start + 1 } : { start: opened, end: opened + 1 };
}

/** The parser finds the end of the file, where nothing is to be seen; the bracket that is not closed is before it. */
function opening(mistake: Mistake, text: string): Span {
  if (text.slice(mistake.start).trim() !== '') return mistake;
  let closed = 0;
  for (let at = mistake.start - 1; at >= 0; at--) {
    const sign = text[at] ?? '';
    if (']}'.includes(sign)) closed += 1;
    if (!'[{'.includes(sign)) continue;
    if (closed === 0) return { start: at, end: at + 1 };
    closed -= 1;
  }
  return mistake;
}
