/** What hostile mail servers say, and how a page shows it as text. */

interface HostileGreeting {
  readonly id: string;
  readonly greeting: string | Buffer;
  /** Part of the text of the page; unfit characters are shown as escapes. */
  readonly shown: string;
}

const REFUSAL = '554 5.3.2 ';

export const HOSTILE_GREETINGS: readonly HostileGreeting[] = [
  { id: 'script', greeting: `${REFUSAL}<script>alert(1)</script>`, shown: '<script>alert(1)</script>' },
  {
    id: 'image',
    greeting: `${REFUSAL}"><img src=x onerror=alert(2)>'`,
    shown: `"><img src=x onerror=alert(2)>'`,
  },
  // A page that has JSON in it, or XML that has CDATA, ends there.
  { id: 'end', greeting: `${REFUSAL}</script><!--]]></svg>\\u003cb`, shown: '</script><!--]]></svg>\\u003cb' },
  { id: 'ansi', greeting: `${REFUSAL}\x1b[2J\x1b[31mred\x07`, shown: '\\x1b[2J\\x1b[31mred\\x07' },
  { id: 'bidi', greeting: Buffer.from(`${REFUSAL}\u202egnp.exe\u2066`), shown: 'gnp.exe' },
  { id: 'octets', greeting: Buffer.from(`${REFUSAL}caf\xe9 \xff\xfe\x00 end`, 'latin1'), shown: ' end' },
  { id: 'long', greeting: `${REFUSAL}<b>${'x'.repeat(65_536)}`, shown: 'more than 8192 octets' },
  { id: 'word', greeting: `${REFUSAL}<i>${'w'.repeat(8_000)}`, shown: '<i>wwwwwwwwww' },
];
