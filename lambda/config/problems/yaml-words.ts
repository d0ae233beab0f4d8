/** What the YAML parser finds wrong, in words. Its own messages repeat text of the file, which may be a password. */
import type { ErrorCode } from 'yaml';
import { faultOf, SENTENCES, type Sentence, type YamlFault } from './yaml-sentences.ts';

/** A mistake as the parser tells it. */
export interface Mistake {
  readonly code: ErrorCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Of each code of the parser. */
const BY_CODE: Readonly<Record<ErrorCode, Sentence>> = {
  ALIAS_PROPS: SENTENCES.ALIAS_WITH_ANCHOR,
  BAD_ALIAS: SENTENCES.EMPTY_NAME,
  BAD_COLLECTION_TYPE: SENTENCES.TAG,
  BAD_DIRECTIVE: SENTENCES.DIRECTIVE,
  BAD_DQ_ESCAPE: SENTENCES.ESCAPE,
  BAD_INDENT: SENTENCES.INDENTATION,
  BAD_PROP_ORDER: SENTENCES.ANCHOR_BEFORE_DASH,
  BAD_SCALAR_START: SENTENCES.QUOTE_IT,
  BLOCK_AS_IMPLICIT_KEY: SENTENCES.INDENTATION,
  BLOCK_IN_FLOW: SENTENCES.BRACKET,
  DUPLICATE_KEY: SENTENCES.DUPLICATE_KEY,
  IMPOSSIBLE: SENTENCES.UNREADABLE,
  KEY_OVER_1024_CHARS: SENTENCES.LONG_KEY,
  MISSING_CHAR: SENTENCES.INDENTATION,
  MULTILINE_IMPLICIT_KEY: SENTENCES.INDENTATION,
  MULTIPLE_ANCHORS: SENTENCES.TWO_ANCHORS,
  MULTIPLE_DOCS: SENTENCES.DOCUMENTS,
  MULTIPLE_TAGS: SENTENCES.TWO_TAGS,
  NON_STRING_KEY: SENTENCES.KEY_IS_NO_TEXT,
  RESOURCE_EXHAUSTION: SENTENCES.TOO_DEEP,
  TAB_AS_INDENT: SENTENCES.TAB,
  TAG_RESOLVE_FAILED: SENTENCES.TAG,
  UNEXPECTED_TOKEN: SENTENCES.OUT_OF_PLACE,
};

type Span = Pick<Mistake, 'start' | 'end'>;

/** Several mistakes have one code: the parser's message, or the text at the place, tells them apart. */
interface Cause {
  readonly code: ErrorCode;
  readonly message: RegExp;
  /** From the place to the end of its line. */
  readonly line?: RegExp;
  readonly sentence: Sentence;
  /** Where the mistake is, if not where the parser found it. */
  readonly place?: (mistake: Mistake, text: string) => Span | null;
}

const CAUSES: readonly Cause[] = [
  { code: 'BAD_INDENT', message: /^Flow/, sentence: SENTENCES.BRACKET, place: opening },
  { code: 'BLOCK_IN_FLOW', message: /./, line: /^-(?:\s|$)/, sentence: SENTENCES.DASHES_IN_BRACKETS },
  { code: 'MISSING_CHAR', message: /^Missing closing/, sentence: SENTENCES.CLOSING_QUOTE, place: quoteBefore },
  { code: 'MISSING_CHAR', message: /must end with a/, sentence: SENTENCES.BRACKET, place: opening },
  { code: 'MISSING_CHAR', message: /^Missing , /, sentence: SENTENCES.COMMA },
  { code: 'MISSING_CHAR', message: /^Missing space after :/, sentence: SENTENCES.NO_SPACE, place: wholeLine },
  { code: 'MISSING_CHAR', message: /^Comments must be separated/, sentence: SENTENCES.COMMENT },
  { code: 'MISSING_CHAR', message: /^Block collection cannot start/, sentence: SENTENCES.BEHIND_DOCUMENT_START },
  { code: 'MISSING_CHAR', message: /directives-end/, sentence: SENTENCES.DIRECTIVE },
  { code: 'MISSING_CHAR', message: /^Tags and anchors must be separated/, sentence: SENTENCES.ANCHOR_WITHOUT_SPACE },
  { code: 'MISSING_CHAR', message: /^Missing newline after/, sentence: SENTENCES.ANCHOR_BEFORE_DASH },
  {
    code: 'MISSING_CHAR',
    message: /^Implicit map keys/,
    line: /^[^:]*$/,
    sentence: SENTENCES.NO_COLON,
    place: wholeLine,
  },
  { code: 'MULTILINE_IMPLICIT_KEY', message: /flow sequence/, sentence: SENTENCES.COMMA },
  { code: 'MULTILINE_IMPLICIT_KEY', message: /./, line: /^[\w-]+:\S/, sentence: SENTENCES.NO_SPACE, place: wholeLine },
  {
    code: 'MULTILINE_IMPLICIT_KEY',
    message: /./,
    line: /^(?!.*:(?:\s|$))/,
    sentence: SENTENCES.NO_COLON,
    place: wholeLine,
  },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /^A block sequence/, sentence: SENTENCES.INDENTATION },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /./, line: /:(?:\s|$)/, sentence: SENTENCES.COLON, place: wholeLine },
  { code: 'BLOCK_AS_IMPLICIT_KEY', message: /./, line: /\S/, sentence: SENTENCES.DEEPER, place: lineBelow },
  { code: 'UNEXPECTED_TOKEN', message: /^Unexpected (?:,|empty item)/, sentence: SENTENCES.TWO_COMMAS },
  { code: 'UNEXPECTED_TOKEN', message: /flow-(?:map|seq)-end/, sentence: SENTENCES.CLOSING_BRACKET },
  { code: 'UNEXPECTED_TOKEN', message: /block-seq-ind on same line/, sentence: SENTENCES.DASH_BEHIND_KEY },
];

export function yamlFault(mistake: Mistake, text: string): YamlFault {
  const line = text.slice(mistake.start).split('\n', 1)[0] ?? '';
  for (const cause of CAUSES) {
    if (cause.code !== mistake.code || !cause.message.test(mistake.message)) continue;
    if (cause.line !== undefined && !cause.line.test(line)) continue;
    const span = cause.place === undefined ? mistake : cause.place(mistake, text);
    if (span !== null) return faultOf(span, cause.sentence);
  }
  return faultOf(mistake, BY_CODE[mistake.code] ?? SENTENCES.UNREADABLE);
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
