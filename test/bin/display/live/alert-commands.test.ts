/** The commands in an alert of the terminal, copied with the mouse from their first word to their end, and pasted into a shell. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { screenOf } from '../../../../bin/display/layout/screen.ts';
import { alertLines } from '../../../../bin/display/live/alert.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import { alert, context } from '../../../alert/alerts.ts';

const options = ' --folder /var/lib/smtp-quorum/history --config /etc/smtp-quorum/mail.yaml';

test.each([40, 80, 100, 120])('each is one command at %d columns', (columns) => {
  const screen = screenOf({}, { NO_COLOR: '1', COLUMNS: String(columns) });
  const text = alertLines(
    { alert: alert('down'), ...PLAIN },
    { ...context, home: 'local', commandOptions: options },
    screen,
  ).join('\n');
  const copied = text.slice(text.indexOf('npx ')).split(/^\|$/m)[0] ?? '';
  const commands = copied.split(/^\| +(?=npx )/m);
  expect(commands.length).toBeGreaterThanOrEqual(2);
  for (const command of commands) {
    const shell = `npx() { for word in "$@"; do echo "$word"; done; }\n${command}`;
    const words = execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).trim().split('\n');
    expect(words[0]).toBe('smtp-quorum');
    expect(words.slice(-4)).toEqual(options.trim().split(' '));
  }
});
