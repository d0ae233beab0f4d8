/** Writes docs/trips.md from the tables of codes: `npx tsx docs/trips.ts`. A test keeps them equal. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ALTERATIONS, type AlterationRow } from '../lambda/trip/alterations/alteration-codes.ts';
import { TRIP_CODES, type TripCodeRow } from '../lambda/trip/verdict/trip-codes.ts';
import { markdownTable } from './failures.ts';

const INTRODUCTION = `# Trips

A trip is one message that is sent, and looked for in a mailbox. This page has all codes that a trip reports. The codes are
stable: history and alerts use them.

- **outcome** is \`pass\`, \`warn\`, \`fail\` or \`unable\`. \`unable\` means that nothing is known of the message: it is not an outage.
- What the config does not expect is not judged: alterations and hops are shown, and do not change the outcome.
- **Time.** The total is the time from the reply to the message until it was seen in the mailbox. The delay of a hop is the
  difference of two clocks, as they are: a delay below zero is shown, with the note that the clocks disagree. The host where the
  message waited is named from delays that no clock can have made longer. Whether a message is late is judged by the time of the
  last host, if that lies between the last reading of the mailbox without the message and the first with it. If it does not, the
  clock of the host is wrong, or the message waited there: then it is late if it was due before the last reading without it.
- **Ours.** A message is ours if its token has the HMAC of the key in the secret. Nothing else is read further, or deleted. A
  bounce, a reply or a forwarded letter whose subject quotes that of our message is not an arrival of it, and stays.
- **Authentication-Results** count if they name the receiver of the config (\`authservId\`), the newest first, and only those at the
  same place among the Received fields: a sender may have written others (RFC 8601 7.1).
- **Plain text** is reported for a hop over SMTP without TLS from a public address, unless the receiver names a private one of its
  own.

This page is generated from \`lambda/trip/\`; run \`npx tsx docs/trips.ts\` after a change.

## The message

\`multipart/mixed\` of \`multipart/alternative\` (text and HTML, in UTF-8 and quoted-printable) and an attachment in base64 of the size
that the config sets. It has a field on several lines, a field in RFC 2047, a line that begins with a dot, and a link to
\`www.example.com\`. \`Auto-Submitted: auto-generated\` and \`Precedence: bulk\` keep automatic replies away. The token is in
\`X-Smtp-Quorum-Trip\` and in the subject.
`;

export function tripsPage(): string {
  return [
    INTRODUCTION,
    '## Outcomes\n',
    markdownTable(
      ['code', 'outcome', 'meaning', 'where to look'],
      Object.entries<TripCodeRow>(TRIP_CODES).map(codeRow),
    ),
    '## Alterations\n',
    'What arrived is compared with what was sent. A header that is folded anew is no alteration. Rows that are only _noted_ do not',
    'count against `unchanged`.\n',
    markdownTable(['code', '', 'meaning', 'why'], Object.entries<AlterationRow>(ALTERATIONS).map(alterationRow)),
  ].join('\n');
}

function codeRow([code, { outcome, meaning, hint }]: readonly [string, TripCodeRow]): readonly string[] {
  return [`\`${code}\``, outcome, meaning, hint];
}

function alterationRow([code, { alters, meaning, hint }]: readonly [string, AlterationRow]): readonly string[] {
  return [`\`${code}\``, alters ? 'altered' : 'noted', meaning, hint];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('trips.md', import.meta.url)), tripsPage());
}
