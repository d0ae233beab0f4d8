/** Mistakes of YAML in words: what is wrong, and what to do. No sentence repeats text of the file. */

export interface Words {
  readonly message: string;
  readonly suggestion: string;
}

const SAME_COLUMN = 'the keys of one entry begin in the same column, the one after `- `';
const QUOTES = 'put the value in quotes';

export const ALIAS_CYCLE: Words = {
  message: 'an alias is within its own anchor',
  suggestion: 'remove the alias, or end the value of the anchor before it',
};
export const ALIAS_WITH_ANCHOR: Words = {
  message: 'an alias cannot have an anchor or a tag of its own',
  suggestion: 'remove the word with `&` or `!` before the alias',
};
export const ANCHOR_BEFORE_DASH: Words = {
  message: 'an anchor or a tag of a list cannot stand before its dash',
  suggestion: 'put the anchor in the line of the key, or behind the dash if it names the entry',
};
export const ANCHOR_WITHOUT_SPACE: Words = {
  message: 'a space is missing after the name of an anchor or a tag',
  suggestion: 'write a space before the value',
};
export const BEHIND_DOCUMENT_START: Words = {
  message: 'keys cannot stand in the line of `---`',
  suggestion: 'remove the `---`, or begin a new line after it',
};
export const BRACKET: Words = {
  message: 'a closing bracket, brace or comma is missing',
  suggestion: 'each `[` needs a `]`, each `{` a `}`, and a comma separates entries; lines between them are indented',
};
export const CLOSING_BRACKET: Words = {
  message: 'a closing bracket or brace has no opening one',
  suggestion: 'remove it, or write the opening one before the first entry',
};
export const CLOSING_QUOTE: Words = {
  message: 'the closing quote is missing',
  suggestion: 'end the value with the quote that it begins with',
};
export const COLON: Words = {
  message: 'the value contains a colon and a space, which begin a value',
  suggestion: QUOTES,
};
export const COMMA: Words = {
  message: 'a comma is missing between two entries',
  suggestion: 'separate the entries within brackets by commas',
};
export const COMMENT: Words = {
  message: 'a space is missing before the `#` of a comment',
  suggestion: 'write a space before `#`; if it belongs to the value, put the value in quotes',
};
export const DASHES_IN_BRACKETS: Words = {
  message: 'a list with dashes cannot stand within brackets',
  suggestion: 'use either brackets or dashes; or close the bracket above this line',
};
export const DASH_BEHIND_KEY: Words = {
  message: 'a list with dashes cannot begin in the line of its key',
  suggestion: 'begin a new line before the first `- `',
};
export const DEEPER: Words = {
  message: 'this line is indented deeper than the key above it, which has a value already',
  suggestion: SAME_COLUMN,
};
export const DIRECTIVE: Words = {
  message: 'a line at the top that begins with `%` is a directive, and this one cannot be read',
  suggestion: 'remove the line with `%`; a config needs none',
};
export const DOCUMENTS: Words = { message: 'the file has several documents', suggestion: 'remove the line `---`' };
export const DUPLICATE_KEY: Words = {
  message: 'this key is written twice in one entry',
  suggestion: 'keep one of the two',
};
export const EMPTY_NAME: Words = {
  message: 'an anchor or an alias has no name',
  suggestion: 'write a name behind `&` or `*`; if the sign belongs to the value, put the value in quotes',
};
export const ESCAPE: Words = {
  message: 'a backslash in double quotes begins an escape, and this one does not exist',
  suggestion: 'use single quotes, in which a backslash is a backslash',
};
export const INDENTATION: Words = {
  message: 'the indentation of this line does not fit',
  suggestion: SAME_COLUMN,
};
export const KEY_IS_NO_TEXT: Words = {
  message: 'a list or a set of keys stands where a key must be',
  suggestion: 'write `key: value`; put a value with `{` or `[` in quotes',
};
export const LONG_KEY: Words = {
  message: 'a key is longer than 1024 characters',
  suggestion: 'if it is no key, put the text in quotes, or remove the colon',
};
export const MANY_ALIASES: Words = {
  message: 'its aliases stand for more than 1000000 values',
  suggestion: 'use fewer aliases within anchors',
};
export const MERGE: Words = {
  message: '`<<` needs a set of keys',
  suggestion: 'write `<<: *name`, where `&name` stands before a set of keys',
};
export const NO_ANCHOR: Words = {
  message: 'no anchor with this name stands before the alias',
  suggestion: 'define the anchor in a line above; if the value begins with `*`, put it in quotes',
};
export const NO_COLON: Words = {
  message: 'this line has no key, or its colon is missing',
  suggestion: 'write `key: value`, with a space after the colon',
};
export const NO_SPACE: Words = {
  message: 'a space is missing after the colon',
  suggestion: 'write `key: value`, with a space after the colon',
};
export const OUT_OF_PLACE: Words = {
  message: 'this text does not belong here',
  suggestion: 'check the indentation, and put a value with `{`, `[`, `#`, `|` or `>` in quotes',
};
export const QUOTE_IT: Words = { message: 'a value cannot begin with this character', suggestion: QUOTES };
export const TAB: Words = { message: 'a tab cannot be used for indentation', suggestion: 'use spaces' };
export const TAG: Words = {
  message: 'a tag (`!`) has no meaning in a config, or does not fit its value',
  suggestion: 'remove the tag; if the value begins with `!`, put it in quotes',
};
export const TOO_DEEP: Words = {
  message: 'nested too deeply',
  suggestion: 'the config has six levels: look for brackets that are opened and not closed',
};
export const TWO_ANCHORS: Words = { message: 'a value has two anchors', suggestion: 'keep one of the two' };
export const TWO_COMMAS: Words = {
  message: 'there is a comma without an entry before it',
  suggestion: 'remove the comma, or write the entry before it',
};
export const TWO_TAGS: Words = { message: 'a value has two tags', suggestion: 'remove both; a config needs none' };
export const UNREADABLE: Words = {
  message: 'this cannot be read',
  suggestion: 'write `key: value` lines, as in examples/smtp-quorum.yaml, and put the value in quotes',
};
