/** White space of messages: RFC 5322 2.2.2. `trim()` also removes 0xA0, which is an octet of characters in UTF-8. */

const SPACES = ' \t\r\n';

export function trimSpaceEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACES.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}

export function trimSpaces(text: string): string {
  let start = 0;
  while (start < text.length && SPACES.includes(text[start] ?? '')) start++;
  return trimSpaceEnd(text.slice(start));
}
