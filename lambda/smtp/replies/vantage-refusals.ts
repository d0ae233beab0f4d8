/**
 * Refusals aimed at the prober's own address or name: by RFC 7372 and RFC 3463 codes, and by the words of the blocklists
 * and of the large servers.
 *
 * A wrong `unable` hides an outage, a wrong `fail` pages falsely. The first is worse: servers in trouble say the same to
 * all vantages, which then all abstain, while a quorum is seldom throttled or listed at once. So words that any server in
 * trouble says (`too many connections`, `access denied`) count only where they name the client (`from 192.0.2.1`, `your
 * IP`), and what a server says of itself outweighs all of them.
 */

import type { FailureCode } from '../failures/failures.ts';
import type { SessionState } from './session-state.ts';

/** Before MAIL nobody but the client has been named: "your address" is no mail address yet. */
const UNTIL_HELLO: readonly SessionState[] = ['greeting', 'ehlo', 'helo', 'ehlo2', 'helo2'];
/** Postfix keeps what it has against a client until RCPT. */
const UNTIL_RCPT: readonly SessionState[] = [...UNTIL_HELLO, 'mail', 'rcpt'];

/** With a port it is that of a server. */
const ADDRESS = String.raw`\[?(?:ipv6:)?(?:\d{1,3}(?:\.\d{1,3}){3}(?![\d\]]*:\d)|(?<!\w)[\da-f:]*::[\da-f]|(?:[\da-f]{1,4}:){4,7}[\da-f]{1,4})\]?`;
const CLIENT = String.raw`(?:${ADDRESS}|(?:this|your|the same) (?:ip|host|address|client|network|server|mta|subnet)\b)`;
const TOO_MANY = String.raw`too (?:many|much) [\w -]{1,40} from ${CLIENT}`;
/** Without a word of somebody else's rate, or of everybody's. */
const RATE = String.raw`(?!.*\b(?:sender|account|user|mailbox|recipient|domain|tenant|everyone|everybody|all clients)\b).*(?:rate[- ]?limit|connection rate|throttl|too (?:fast|frequent))`;

/** First match wins. */
// biome-ignore format: a table reads by its rows
const AIMED: readonly (readonly [FailureCode, readonly SessionState[], RegExp])[] = [
  ['vantage-helo-refused', UNTIL_RCPT, anyOf(
    String.raw`\bhelo command (?:rejected|\[[^\]]*\] blocked)`,
    String.raw`\b(?:bad|invalid|forged|fake|improper|unresolvable|unacceptable) (?:helo|ehlo)\b`,
    String.raw`\b(?:helo|ehlo) (?:name|host|hostname|argument|domain|string)\b.{0,60}\b(?:invalid|forged|unresolvable|reject|refus|denied|not (?:found|valid|resolv|fully|accept|allowed)|does(?: not|n't) (?:resolve|match|exist))`,
  )],
  // Exchange
  ['vantage-helo-refused', UNTIL_HELLO, /invalid domain name/i],
  ['vantage-listed', UNTIL_RCPT, anyOf(
    'block(?:ed)? using',
    String.raw`blocked by [\w-]+(?:\.[\w-]+)+`,
    String.raw`\bblock(?:ed)? for (?:spam|abuse)`,
    String.raw`\b(?:block|black|deny)[- ]?list`,
    String.raw`\bdnsr?[bw]ls?\b|\brbls?\b`,
    'spamhaus|spamcop|barracuda(?:central)?|sorbs|uceprotect|abuseat|invaluement',
    String.raw`(?<!\b(?:not|recipient|user|mailbox|account|sender|domain) )\blisted (?:at|in|on|by)\b`,
    'removal from (?:this|our|the) list',
    // Yahoo; Microsoft's banned addresses
    String.raw`\[bl\d\d\]|\b5\.7\.(?:511|6[0-4]\d)\b`,
  )],
  ['vantage-rate-limited', [...UNTIL_RCPT, 'starttls'], anyOf(TOO_MANY)],
  // Passwords that failed too often say that the password is wrong.
  ['vantage-rate-limited', ['auth'], anyOf(`^(?!.*(?:fail|wrong|incorrect)).*${TOO_MANY}`)],
  ['vantage-rate-limited', [...UNTIL_RCPT, 'starttls', 'auth'], anyOf(
    `try again later from ${ADDRESS}`,
    `messages from ${ADDRESS} (?:were )?temporarily deferred`,
    // Yahoo; Google; Microsoft
    String.raw`\[tss?\d\d\]|\b4\.7\.(?:28|650)\b|\b4\.7\.[5-8]\d\d access denied|\b5\.7\.508\b`,
  )],
  ['vantage-rate-limited', UNTIL_RCPT, anyOf(`^${RATE}`)],
  ['vantage-rate-limited', ['starttls', 'auth'], anyOf(`^(?=4)${RATE}`)],
  ['vantage-refused', UNTIL_RCPT, anyOf(
    String.raw`\b[45]\.7\.25\b`,
    String.raw`(?:reverse(?!.?path)|ptr|rdns)\b.*\b(?:dns|record|lookup|hostname|name|address|missing|required|fail)`,
    "(?:cannot|could not|can't|unable to) (?:find|resolve|look ?up) your (?:reverse |host ?name|ip)",
    String.raw`(?:your|client|sending|connecting) (?:ip|host|network|mta)\b.*\b(?:reputation|not (?:allowed|permitted|welcome|accepted|authori[sz]ed)|denied|reject|refus|bann|block|policy)`,
    String.raw`\b(?:bann?ed|blocked|denied|rejected)\b.*\b(?:your|client|sending) (?:ip|host)\b`,
    String.raw`(?:bad|poor|low) reputation(?! of the sending domain)|reputation of your\b`,
    String.raw`(?:access|connection) (?:denied|refused|rejected|not allowed) (?:for|from|due to)\b.*(?:\b(?:ip|country|geo|reputation)\b|${ADDRESS})`,
    String.raw`access denied by\b.*\b(?:ip|country|geo|reputation)\b`,
    `not (?:allowed|permitted|authori[sz]ed) to connect|not be (?:accepted|allowed|permitted) from ${CLIENT}`,
    `(?:mail|messages?|connections?) from ${ADDRESS} .{0,20}(?:refused|rejected|blocked|denied|not accepted)`,
    String.raw`\bgeo[- ]?(?:block|restrict|fenc)|\bcountry (?:is )?(?:not|block|bann|denied|reject)`,
    String.raw`\b(?:ip|host|client|server)\b.{0,40}\bnot (?:in|on) \w+ (?:white|allow)[- ]?list`,
    String.raw`\bintrusion prevention\b`,
  )],
  ['vantage-refused', UNTIL_HELLO, anyOf(
    String.raw`your address\b.*\b(?:not (?:allowed|permitted|welcome|accepted)|denied|reject|refus|bann|block)|\b(?:blocked|denied|rejected)\b.*\byour address\b`,
    'you (?:are|have been) (?:blocked|banned|not (?:allowed|permitted|welcome))',
    String.raw`(?:access|connection) (?:denied|rejected|not allowed) (?:by|due to) (?:\w+ )?policy`,
    // T-Online
    String.raw`\bip=${ADDRESS} - `,
  )],
];

/** What is told of itself by a server in trouble, or of somebody else, whatever else is in the words. */
const AIMED_ELSEWHERE = anyOf(
  // RFC 3463 3.2 and 3.4: X.1.X is about an address of the mail, X.3.X about the mail system.
  String.raw`(?:^| )\d{3}[ -][45]\.[13]\.\d`,
  String.raw`\bmilter\b|(?:cannot|can't|could not|couldn't|unable to|failed to) (?:connect|contact|reach)\b`,
  String.raw`\b(?:rbl|dns[bw]l|(?:block|black)list|reputation|policy) (?:lookup|query|check|server|service|daemon|database)\b.{0,30}\b(?:fail|error|time|unavailable|down|problem)`,
  // What Spamhaus has answered, for all clients alike, to a server that asks it the wrong way.
  'open resolver|excessive (?:number of )?quer|/returnc/',
  // Postfix: what follows "rejected:" is of the policy, and can be about anybody.
  String.raw`\bsender (?:e-?mail )?(?:address|domain)\b|\brecipient (?:e-?mail )?(?:address|domain)\b(?! rejected)`,
);

/** `text` is a reply of 4xx or 5xx. */
export function vantageRefusal(state: SessionState, text: string): FailureCode | null {
  const aimed = AIMED.find(([, states, words]) => states.includes(state) && words.test(text));
  return aimed === undefined || AIMED_ELSEWHERE.test(text) ? null : aimed[0];
}

function anyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), 'i');
}
