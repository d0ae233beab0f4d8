/** Texts that a hostile server may answer with. Every channel shows them as bounded, inert text. */
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { alert, incident, witness } from '../alerts.ts';

export interface HostileText {
  readonly name: string;
  readonly text: string;
}

export const hostileTexts: readonly HostileText[] = [
  { name: 'newlines', text: '550 no\r\nDOWN mx2\n\n*everything*\u2028is\u2029gone' },
  { name: 'a script', text: '<script>alert(1)</script><img src=x onerror=alert(1)>' },
  { name: 'ANSI escapes', text: '\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link\x1b]8;;\x07' },
  { name: 'bidi overrides', text: 'safe\u202egpj.exe\u2066\u200f' },
  { name: '8-bit', text: '550 \x80\xff caf\xe9 \ufffd Gr\u00fc\u00dfe \u{1f525}' },
  { name: 'lone surrogates', text: 'a\ud800b\udc00c' },
  { name: '64 KB', text: 'A'.repeat(65_536) },
  { name: '64 KB of astral characters', text: '\u{1f525}'.repeat(16_384) },
  { name: '64 KB that double as JSON', text: '"\\'.repeat(32_768) },
  { name: '64 KB that grow as entities', text: '<&>'.repeat(21_845) },
  { name: 'a Slack mention', text: '<!channel> <!here> <!everyone> <@U012345> <#C012345> <!subteam^S01>' },
  { name: 'a Slack link', text: '<https://evil.example|mx1.example.com>' },
  { name: 'a Discord mention', text: '@everyone @here <@123456789012345678> <@&123> <#123>' },
  { name: 'the end of a code block', text: '``` **bold** `code` ~~~ ||spoiler|| > quote # title' },
  { name: 'a Markdown link', text: '[mx1.example.com](https://evil.example) ![x](https://evil.example/x.png)' },
  { name: 'a table', text: 'a | b | c\n---|---|---' },
  { name: 'Telegram HTML', text: '<b>bold</b> <a href="https://evil.example">mx1</a> <pre>x</pre> &lt;' },
  { name: 'Telegram MarkdownV2', text: '*b* _i_ __u__ ~s~ [t](tg://user?id=1) \\* \\. #tag /start @botfather' },
  {
    name: 'Adaptive Card text',
    text: `{{DATE(2026-11-26T00:00:00Z)}} \${$root.x} <at>Everyone</at> **bold** [a](https://evil.example)`,
  },
  { name: 'emoji names', text: ':fire: :rotating_light:' },
  { name: 'NUL', text: 'a\0b' },
  { name: 'nothing', text: '' },
];

/** The texts with which a server could address or format something in a message. They may not be in one as they are. */
export function hostileAlert({ text }: HostileText, changed: Partial<Alert> = {}): Alert {
  const witnesses = ['us-east-1', 'eu-west-1'].map((vantage) => ({
    ...witness,
    vantage,
    reply: text,
    detail: text,
    transcript: [`S: ${text}`, text, ...Array.from({ length: 30 }, () => text)],
  }));
  const timeline = [{ at: '2026-11-22T05:08:00Z', what: text }];
  return alert('down', { incident: { ...incident, witnesses, timeline }, reason: text, ...changed });
}
