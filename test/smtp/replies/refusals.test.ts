import { describe, expect, test } from 'vitest';
import { FAILURES, type Failure, type FailureCode } from '../../../lambda/smtp/failures/failures.ts';
import { refusalCode } from '../../../lambda/smtp/replies/refusals.ts';
import type { SessionState } from '../../../lambda/smtp/replies/session-state.ts';

type Row = readonly [SessionState, FailureCode, string];

/** As real servers word them. */
// biome-ignore format: a table reads by its rows
const AIMED: readonly Row[] = [
  // On a list
  ['rcpt', 'vantage-listed', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1'],
  ['rcpt', 'vantage-listed', '550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/192.0.2.1 (AS3130)'],
  ['greeting', 'vantage-listed', '550 5.7.1 [192.0.2.1] listed at bl.spamcop.net'],
  ['mail', 'vantage-listed', '550 5.7.1 Unfortunately, messages from [192.0.2.1] were not sent. You are on our block list (S3150).'],
  ['greeting', 'vantage-listed', "550 SC-001 (COL004-MC1F2) Unfortunately, messages from 192.0.2.1 weren't sent. Please contact your Internet service provider since part of their network is on our block list."],
  ['greeting', 'vantage-listed', "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list; see http://postmaster.yahoo.com/550-bl23.html"],
  ['greeting', 'vantage-listed', '554 resimta-po-01v.sys.comcast.net comcast 192.0.2.1 Comcast block for spam. Please see http://postmaster.comcast.net/smtp-error-codes.php#BL000000'],
  ['greeting', 'vantage-listed', '521 192.0.2.1 blocked by sbc:blacklist.mailrelay.att.net. DNSRBL: Blocked for abuse.'],
  ['greeting', 'vantage-listed', '554 5.7.1 You have been blacklisted'],
  ['greeting', 'vantage-listed', '550 Blocked by RBL'],
  ['greeting', 'vantage-listed', '554 5.7.0 Your server IP address is in the SORBS DNSBL'],
  ['rcpt', 'vantage-listed', '550 5.7.511 Access denied, banned sender[192.0.2.1]. To request removal from this list please forward this message to delist@microsoft.com'],
  ['rcpt', 'vantage-listed', '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/'],
  ['rcpt', 'vantage-listed', '550 5.2.1 Mailbox unavailable. Your IP address 192.0.2.1 is blacklisted using DNSBL.'],
  ['rcpt', 'vantage-listed', '550 5.7.1 <ops@example.com>: Recipient address rejected: Your MTA is listed in too many DNSBLs'],
  // Too much of it
  ['greeting', 'vantage-rate-limited', '421 4.7.0 mx1.example.com Error: too many connections from 192.0.2.1'],
  ['greeting', 'vantage-rate-limited', '421 4.7.0 mx1.example.com Error: too many connections from 2001:db8::1'],
  ['greeting', 'vantage-rate-limited', '421 Too many concurrent SMTP connections from this IP address; please try again later.'],
  ['greeting', 'vantage-rate-limited', '421 too many connections from your IP (rfc7372)'],
  ['greeting', 'vantage-rate-limited', '421 4.7.1 Connection rate limit exceeded'],
  ['greeting', 'vantage-rate-limited', '421 4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address'],
  ['greeting', 'vantage-rate-limited', '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes'],
  ['greeting', 'vantage-rate-limited', '421 4.7.0 Too many failed login attempts from your IP'],
  ['ehlo', 'vantage-rate-limited', '450 4.7.1 Throttled'],
  ['starttls', 'vantage-rate-limited', '454 4.7.0 Error: too many new TLS sessions from 192.0.2.1'],
  ['starttls', 'vantage-rate-limited', '421 4.7.0 mx1.example.com Error: too many new TLS sessions from 192.0.2.1'],
  ['auth', 'vantage-rate-limited', '421 4.7.0 mx1.example.com Error: too many AUTH commands from 192.0.2.1'],
  ['auth', 'vantage-rate-limited', '450 4.7.1 Error: too many AUTH commands from 192.0.2.1'],
  ['auth', 'vantage-rate-limited', '454 4.7.0 Rate limit exceeded, try again later'],
  ['mail', 'vantage-rate-limited', '450 4.7.1 Error: too much mail from 127.0.0.1'],
  ['mail', 'vantage-rate-limited', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)'],
  ['mail', 'vantage-rate-limited', '451 4.7.550 Access denied, please try again later'],
  ['mail', 'vantage-rate-limited', '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.'],
  ['rcpt', 'vantage-rate-limited', '450 4.7.1 Error: too many recipients from 192.0.2.1'],
  // Not from here
  ['greeting', 'vantage-refused', "554-mx1.example.com\r\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation."],
  ['greeting', 'vantage-refused', '554-gmx.net (mxgmx117) Nemesis ESMTP Service not available\r\n554-No SMTP service\r\n554-Bad DNS PTR resource record.\r\n554 For explanation visit https://postmaster.gmx.net'],
  ['greeting', 'vantage-refused', '554-mail.t-online.de\r\n554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help'],
  ['greeting', 'vantage-refused', '554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.) (NOWL)'],
  ['greeting', 'vantage-refused', '421 imta.mx.comcast.net comcast Reverse DNS failure: Try again later'],
  ['greeting', 'vantage-refused', '550 5.7.1 No PTR record'],
  ['greeting', 'vantage-refused', '554 Your IP has been blocked'],
  ['greeting', 'vantage-refused', '550 5.7.1 Connection refused - geoblocked'],
  ['greeting', 'vantage-refused', '554 5.7.1 Rejected: country not allowed'],
  ['greeting', 'vantage-refused', '421 4.7.1 Intrusion prevention active for [192.0.2.1]'],
  ['greeting', 'vantage-refused', '550 You are not allowed to connect from this address'],
  ['greeting', 'vantage-refused', '554 5.7.1 Your address is not allowed here'],
  ['rcpt', 'vantage-refused', '550 5.7.1 Sorry, your IP is not in our whitelist'],
  ['rcpt', 'vantage-refused', '550 5.7.1 Mail from 192.0.2.1 refused'],
  ['rcpt', 'vantage-refused', '550-5.7.25 The IP address sending this message does not have a PTR record setup'],
  ['rcpt', 'vantage-refused', '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]'],
  ['rcpt', 'vantage-refused', '450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]'],
  ['rcpt', 'vantage-refused', '554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied'],
  ['rcpt', 'vantage-refused', '554 5.7.1 <unknown[192.0.2.1]>: Unverified Client host rejected: Access denied'],
  // Not by that name
  ['rcpt', 'vantage-helo-refused', '450 4.7.1 <probe.example.com>: Helo command rejected: Host not found'],
  ['rcpt', 'vantage-helo-refused', '550 5.7.1 <probe.example.com>: Helo command rejected: Host not found'],
  ['rcpt', 'vantage-helo-refused', '504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname'],
  ['rcpt', 'vantage-helo-refused', '554 5.7.1 Service unavailable; Helo command [probe.example.com] blocked using dbl.spamhaus.org'],
  ['rcpt', 'vantage-helo-refused', '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)'],
  ['ehlo', 'vantage-helo-refused', '501 5.7.1 <[127.0.0.1]>: Helo command rejected'],
  ['ehlo', 'vantage-helo-refused', '501 Syntactically invalid EHLO argument(s)'],
  ['ehlo', 'vantage-helo-refused', '501 5.5.4 Invalid domain name'],
  ['ehlo', 'vantage-helo-refused', '550 5.7.1 Helo name contains an invalid ip'],
  ['ehlo', 'vantage-helo-refused', '550 Bad HELO/EHLO'],
];

/** Outages and refusals of others, in words that come near to those above. */
// biome-ignore format: a table reads by its rows
const NOT_AIMED: readonly Row[] = [
  // The server is in trouble, with all
  ['greeting', 'service-unavailable', '421 cannot connect to rbl milter'],
  ['greeting', 'service-unavailable', '421 4.3.0 cannot connect to rbl milter'],
  ['greeting', 'service-unavailable', '421 4.3.2 All server ports are busy'],
  ['greeting', 'service-unavailable', '421 4.3.2 Too many connections'],
  ['greeting', 'service-unavailable', '421 4.7.0 Too many connections'],
  ['greeting', 'service-unavailable', '421 Too many concurrent SMTP connections; please try again later.'],
  ['greeting', 'service-unavailable', '421 4.4.5 Server busy, too many connections from all clients'],
  ['greeting', 'service-unavailable', '421 4.3.2 Service shut down by policy of your administrator, client ip 192.0.2.1'],
  ['greeting', 'service-unavailable', '421 mx1.example.com Service not available, closing transmission channel (connection from 192.0.2.1)'],
  ['greeting', 'service-unavailable', '421 connection refused due to maintenance until 12:30:05'],
  ['greeting', 'greeting-refused', '554 5.3.1 Mail system full: rate limiting everyone'],
  ['greeting', 'greeting-refused', '554 No SMTP service here'],
  ['greeting', 'greeting-refused', '554 5.7.1 Access denied'],
  ['greeting', 'greeting-no-mail', '521 5.3.2 Service currently unavailable'],
  ['ehlo', 'ehlo-refused', '503 5.5.1 send HELO/EHLO first'],
  ['starttls', 'starttls-refused-temporarily', '454 4.7.0 TLS not available due to local problem'],
  ['auth', 'auth-unavailable', '454 4.7.0 Temporary authentication failure: Connection lost to authentication server'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.3.5 <unknown[192.0.2.1]>: Client host rejected: Server configuration error'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.7.1 DNSBL lookup failure'],
  ['rcpt', 'rcpt-refused-temporarily', '451 connection refused for 127.0.0.1:10025'],
  ['rcpt', 'rcpt-refused', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53/'],
  // A recipient, or a sender
  ['rcpt', 'rcpt-refused', '550 5.1.1 <x@example.com>: Recipient address rejected: User unknown'],
  ['rcpt', 'rcpt-refused', '550 5.1.1 x@example.com... not listed in Domino Directory'],
  ['rcpt', 'rcpt-refused', '550 5.1.1 <ops@example.com> User unknown; rejecting (recipient listed in access.db)'],
  ['rcpt', 'rcpt-refused', '550 User unknown; rejecting (recipient listed in access.db)'],
  ['rcpt', 'rcpt-refused', '550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking'],
  ['rcpt', 'rcpt-refused', '550 5.7.1 <x@example.com>: Recipient address rejected: blocked by policy of the mailbox owner'],
  ['rcpt', 'rcpt-refused', '550 5.7.1 Recipient has blocked your address'],
  ['rcpt', 'rcpt-refused', '550 5.7.1 Access denied for recipient address ops@example.com'],
  ['rcpt', 'rcpt-refused', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
  ['rcpt', 'rcpt-refused', '550 Invalid reverse-path address'],
  ['mail', 'mail-refused', '550 5.1.8 <x@example.org>: Sender address rejected: Domain not found'],
  ['mail', 'mail-refused', '550 5.7.1 Your address is not allowed to send'],
  ['mail', 'mail-refused', '550 5.7.1 Sender rate-limited: throttled account'],
  ['mail', 'mail-refused', '553 5.7.1 <probe@example.com>: Sender address rejected: not owned by user x'],
  ['auth', 'auth-rejected', '535 5.7.8 Error: authentication failed: too many attempts'],
  ['auth', 'service-unavailable', '421 4.7.0 Too many failed login attempts from your IP'],
  ['data', 'data-refused', '554 5.7.1 Message contains a URL listed by dbl.spamhaus.org'],
];

// biome-ignore format: a table reads by its rows
const CAUSES: readonly Row[] = [
  ['rcpt', 'rcpt-greylisted', '450 4.2.0 <x@example.com>: Recipient address rejected: Greylisted'],
  ['rcpt', 'rcpt-greylisted', '450 4.7.1 ops@example.com: Recipient address rejected: Greylisted for 5 minutes'],
  ['rcpt', 'rcpt-greylisted', '451 4.7.1 Greylisting in action, please come back in 00:05:00'],
  ['rcpt', 'rcpt-greylisted', '451 4.7.1 Please try again later'],
  ['rcpt', 'rcpt-greylisted', '451 Please try again in 300 seconds'],
  ['rcpt', 'rcpt-greylisted', '421 4.7.1 greylisted, try again'],
  ['rcpt', 'rcpt-greylisted', '450 4.3.2 Service currently unavailable'],
  ['rcpt', 'rcpt-unverified', '450 4.1.1 <ops@example.com>: Recipient address rejected: unverified address: Address verification in progress'],
  ['rcpt', 'rcpt-unverified', '450 4.1.7 <probe@example.com>: Sender address rejected: unverified address: Address verification in progress'],
  // An outage of the server, or of one behind it
  ['rcpt', 'rcpt-refused-temporarily', '450 4.1.1 <ops@example.com>: Recipient address rejected: unverified address: connect to 10.0.0.5[10.0.0.5]:25: Connection refused'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.7.0 Temporary server error. Please try again later. PRX4'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.3.0 Temporary lookup failure; try again later'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.3.0 <ops@example.com>: Temporary lookup failure'],
  ['rcpt', 'rcpt-refused-temporarily', '451 Temporary local problem - please try later'],
  ['rcpt', 'rcpt-refused-temporarily', '451 try again later'],
  ['rcpt', 'rcpt-refused-temporarily', '451 4.2.1 Mailbox temporarily unavailable, try again in 10 minutes'],
  ['rcpt', 'rcpt-refused-temporarily', '450 4.1.2 <x@example.com>: Recipient address rejected: Domain not found'],
  ['rcpt', 'rcpt-refused-temporarily', '450 4.7.1 <ops@example.com>: Recipient address rejected: Policy Rejection- Quota Exceeded'],
  // Space
  ['mail', 'storage-insufficient', '452 4.3.1 Insufficient system storage'],
  ['data', 'storage-insufficient', '452'],
  ['rcpt', 'storage-insufficient', '452 space shortage, please try later'],
  ['rcpt', 'mailbox-full', '452 4.2.2 Mailbox full'],
  ['rcpt', 'mailbox-full', '452-4.2.2 The email account that you tried to reach is over quota.\r\n452 4.2.2 Please direct the recipient elsewhere'],
  ['message', 'mailbox-full', '452 4.2.2 over quota'],
  ['rcpt', 'rcpt-too-many', '452 4.5.3 Error: too many recipients'],
  ['rcpt', 'rcpt-too-many', '452 Too many recipients received this hour'],
  ['mail', 'mail-refused-temporarily', '452 4.7.1 not now'],
  ['rcpt', 'storage-exceeded', '552 5.2.2 Mailbox full'],
  ['message', 'storage-exceeded', '552 5.3.4 too big'],
  ['message', 'data-refused', '552-5.7.0 This message was blocked because its content presents a potential security issue.\r\n552 5.7.0 gsmtp'],
  // What has to come first
  ['mail', 'tls-required', '530 5.7.0 Must issue a STARTTLS command first'],
  ['rcpt', 'tls-required', '550 5.7.1 STARTTLS required'],
  ['auth', 'tls-required', '530 5.7.0 Must issue a STARTTLS command first'],
  ['mail', 'auth-required', '530 5.7.0 Authentication required'],
  ['mail', 'auth-required', '530 5.7.57 Client not authenticated to send mail'],
  ['rcpt', 'auth-required', '550 5.7.1 relaying denied: authentication required'],
  // Recipients
  ['rcpt', 'rcpt-null-mx', '556 5.1.10 <x@example.net>: Recipient address rejected: Domain does not accept mail (nullMX)'],
  ['rcpt', 'rcpt-relay-refused', '554 5.7.1 <x@example.net>: Relay access denied'],
  ['rcpt', 'rcpt-relay-refused', '550 5.7.64 TenantAttribution; Relay Access Denied SMTP'],
  ['rcpt', 'rcpt-relay-refused', '550 relay not permitted'],
  ['rcpt', 'rcpt-relay-refused', '550 5.7.1 Unable to relay'],
  ['rcpt', 'rcpt-relay-refused', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
  ['rcpt', 'rcpt-sender-refused', '550-Verification failed for <probe@example.com>\r\n550 Sender verify failed'],
  ['rcpt', 'rcpt-sender-refused', '550 5.7.23 <ops@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized. Please see http://www.openspf.net/Why?s=mfrom;id=probe@example.com;ip=192.0.2.1;r=mx1'],
  ['rcpt', 'rcpt-sender-refused', '550 5.7.26 This mail is unauthenticated, which poses a security risk'],
  ['rcpt', 'rcpt-sender-refused', '550 5.7.27 <probe@example.com>: Sender address rejected: Domain does not accept mail (nullMX)'],
  ['rcpt', 'rcpt-sender-refused', '553 5.7.1 <probe@example.com>: Sender address rejected: not owned by user x'],
  ['rcpt', 'rcpt-sender-refused', '554 5.7.1 Service unavailable; Sender address [probe@example.com] blocked using dbl.spamhaus.org'],
  ['rcpt', 'rcpt-refused', '550 5.1.1 <spf@example.com>: Recipient address rejected: User unknown'],
  // Of the session
  ['ehlo', 'reply-unsolicited', '220 mx1 again'],
  ['helo2', 'reply-unsolicited', '221 bye'],
  ['ehlo', 'reply-unexpected', '354 go on'],
  ['ehlo', 'not-smtp-lmtp', '500 5.5.1 This is a LMTP server, use LHLO'],
  ['greeting', 'not-smtp-lmtp', '220 mx1.example.com Cyrus LMTP 3.4.3 server ready'],
];

describe.each([
  ['aimed at the vantage', AIMED],
  ['not aimed at the vantage', NOT_AIMED],
  ['a cause of its own', CAUSES],
] as const)('%s', (_, refusals) => {
  test.each(refusals)('%s: %s: %s', (state, code, text) => {
    const lines = text.split('\r\n');
    expect(refusalCode(state, { code: Number(text.slice(0, 3)), lines })).toBe(code);
  });
});

test('only refusals of the vantage are unable', () => {
  const abstains = ([, code]: Row) => (FAILURES[code] satisfies Failure).vantageFault;
  expect([AIMED.every(abstains), [...NOT_AIMED, ...CAUSES].some(abstains)]).toEqual([true, false]);
});
