/** Mistakes of YAML in words: what is wrong, and what to do. No sentence repeats text of the file. */

export interface Sentence {
  readonly message: string;
  readonly suggestion: string;
}

/** A mistake, and where it is. */
export interface YamlFault {
  readonly span: { readonly start: number; readonly end: number };
  readonly message: string;
  readonly suggestion?: string | null;
}

export function faultOf({ start, end }: YamlFault['span'], { message, suggestion }: Sentence): YamlFault {
  return { span: { start, end }, message: `not valid YAML: ${message}`, suggestion };
}

const SAME_COLUMN = 'the keys of one entry begin in the same column, the one after `- `';
const QUOTES = 'put the value in quotes';

export const SENTENCES = {
  ALIAS_CYCLE: {
    message: 'an alias is within its own anchor',
    suggestion: 'remove the alias, or end the value of the anchor before it',
  },
  ALIAS_WITH_ANCHOR: {
    message: 'an alias cannot have an anchor or a tag of its own',
    suggestion: 'remove the word with `&` or `!` before the alias',
  },
  ANCHOR_BEFORE_DASH: {
    message: 'an anchor or a tag of a list cannot stand before its dash',
    suggestion: 'put the anchor in the line of the key, or behind the dash if it names the entry',
  },
  ANCHOR_WITHOUT_SPACE: {
    message: 'a space is missing after the name of an anchor or a tag',
    suggestion: 'write a space before the value',
  },
  BEHIND_DOCUMENT_START: {
    message: 'keys cannot stand in the line of `---`',
    suggestion: 'remove the `---`, or begin a new line after it',
  },
  BRACKET: {
    message: 'a closing bracket, brace or comma is missing',
    suggestion: 'each `[` needs a `]`, each `{` a `}`, and a comma separates entries; lines between them are indented',
  },
  CLOSING_BRACKET: {
    message: 'a closing bracket or brace has no opening one',
    suggestion: 'remove it, or write the opening one before the first entry',
  },
  CLOSING_QUOTE: {
    message: 'the closing quote is missing',
    suggestion: 'end the value with the quote that it begins with',
  },
  COLON: {
    message: 'the value contains a colon and a space, which begin a value',
    suggestion: QUOTES,
  },
  COMMA: {
    message: 'a comma is missing between two entries',
    suggestion: 'separate the entries within brackets by commas',
  },
  COMMENT: {
    message: 'a space is missing before the `#` of a comment',
    suggestion: 'write a space before `#`; if it belongs to the value, put the value in quotes',
  },
  DASHES_IN_BRACKETS: {
    message: 'a list with dashes cannot stand within brackets',
    suggestion: 'use either brackets or dashes; or close the bracket above this line',
  },
  DASH_BEHIND_KEY: {
    message: 'a list with dashes cannot begin in the line of its key',
    suggestion: 'begin a new line before the first `- `',
  },
  DEEPER: {
    message: 'this line is indented deeper than the key above it, which has a value already',
    suggestion: SAME_COLUMN,
  },
  DIRECTIVE: {
    message: 'a line at the top that begins with `%` is a directive, and this one cannot be read',
    suggestion: 'remove the line with `%`; a config needs none',
  },
  DOCUMENTS: { message: 'the file has several documents', suggestion: 'remove the line `---`' },
  DUPLICATE_KEY: {
    message: 'this key is written twice in one entry',
    suggestion: 'keep one of the two',
  },
  EMPTY_NAME: {
    message: 'an anchor or an alias has no name',
    suggestion: 'write a name behind `&` or `*`; if the sign belongs to the value, put the value in quotes',
  },
  ESCAPE: {
    message: 'a backslash in double quotes begins an escape, and this one does not exist',
    suggestion: 'use single quotes, in which a backslash is a backslash',
  },
  INDENTATION: {
    message: 'the indentation of this line does not fit',
    suggestion: SAME_COLUMN,
  },
  KEY_IS_NO_TEXT: {
    message: 'a list or a set of keys stands where a key must be',
    suggestion: 'write `key: value`; put a value with `{` or `[` in quotes',
  },
  LONG_KEY: {
    message: 'a key is longer than 1024 characters',
    suggestion: 'if it is no key, put the text in quotes, or remove the colon',
  },
  MANY_ALIASES: {
    message: 'its aliases stand for more than 1000000 values',
    suggestion: 'use fewer aliases within anchors',
  },
  MERGE: {
    message: '`<<` needs a set of keys',
    suggestion: 'write `<<: *name`, where `&name` stands before a set of keys',
  },
  NO_ANCHOR: {
    message: 'no anchor with this name stands before the alias',
    suggestion: 'define the anchor in a line above; if the value begins with `*`, put it in quotes',
  },
  NO_COLON: {
    message: 'this line has no key, or its colon is missing',
    suggestion: 'write `key: value`, with a space after the colon',
  },
  NO_SPACE: {
    message: 'a space is missing after the colon',
    suggestion: 'write `key: value`, with a space after the colon',
  },
  OUT_OF_PLACE: {
    message: 'this text does not belong here',
    suggestion: 'check the indentation, and put a value with `{`, `[`, `#`, `|` or `>` in quotes',
  },
  QUOTE_IT: { message: 'a value cannot begin with this character', suggestion: QUOTES },
  TAB: { message: 'a tab cannot be used for indentation', suggestion: 'use spaces' },
  TAG: {
    message: 'a tag (`!`) has no meaning in a config, or does not fit its value',
    suggestion: 'remove the tag; if the value begins with `!`, put it in quotes',
  },
  TOO_DEEP: {
    message: 'nested too deeply',
    suggestion: 'the config has six levels: look for brackets that are opened and not closed',
  },
  TWO_ANCHORS: { message: 'a value has two anchors', suggestion: 'keep one of the two' },
  TWO_COMMAS: {
    message: 'there is a comma without an entry before it',
    suggestion: 'remove the comma, or write the entry before it',
  },
  TWO_TAGS: { message: 'a value has two tags', suggestion: 'remove both; a config needs none' },
  UNREADABLE: {
    message: 'this cannot be read',
    suggestion: 'write `key: value` lines, as in examples/smtp-quorum.yaml, and put the value in quotes',
  },
} as const satisfies Readonly<Record<string, Sentence>>;
