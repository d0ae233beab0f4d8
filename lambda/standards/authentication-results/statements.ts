/** Divides an Authentication-Results field into statements of words: RFC 8601 2.2. Never throws. */

const LONGEST = 16_384;

/** At semicolons and spaces outside of comments and quoted strings. Comments and quotes are removed; a word has no space at its `=`. */
export function statementsOf(text: string): readonly (readonly string[])[] {
  const statements: string[][] = [[]];
  let before = ';';
  for (const token of tokensOf(text.slice(0, LONGEST))) {
    const words = statements.at(-1) ?? [];
    if (token === ';') statements.push([]);
    else if (words.length > 0 && isOneWord(before, token)) words[words.length - 1] += token;
    else words.push(token);
    before = token;
  }
  return statements;
}

/** RFC 8601 2.2 allows spaces at each `=`, `/` and `.`. */
function isOneWord(before: string, token: string): boolean {
  return /^(?:=|[/.]$)/.test(token) || /^(?:[^=]*=|[/.])$/.test(before);
}

/** Words and semicolons. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let [depth, isQuoted, word] = [0, false, ''];
  const end = () => {
    if (word !== '') tokens.push(word);
    word = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\' && (isQuoted || depth > 0)) {
      const escaped = text[++at] ?? '';
      if (depth === 0) word += escaped;
    } else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) word += character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (character === ';' || /\s/.test(character)) {
      end();
      if (character === ';') tokens.push(';');
    } else word += character;
  }
  end();
  return tokens;
}
