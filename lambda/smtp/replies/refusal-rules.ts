/**
 * What refusals mean, as data: by the enhanced status codes of RFC 3463, RFC 7372 and of the large servers first, then by
 * the words of servers. The first rule that matches applies. `test/smtp/replies/corpus.tsv` has the replies that test them.
 *
 * A wrong `unable` or `warn` hides an outage, a wrong `fail` pages falsely. The first is worse: servers in trouble say the
 * same to all vantages, while a quorum is seldom throttled or listed at once. So a refusal of
 * the client, or one that passes, must say so, and words about a fault of the server itself take precedence.
 */

import type { FailureCode } from '../failures/failures.ts';

/** Letters of states: Greeting, Hello, Starttls, Auth, Mail, Rcpt, Data and message. Postfix keeps all until RCPT. */
export type Stage = 'G' | 'H' | 'S' | 'A' | 'M' | 'R' | 'D';

/** `<name>` in a pattern is a phrase of `refusal-phrases.ts`. Words are those of `ReplyWords`. */
export type Rule = readonly [
  failure: FailureCode,
  stages: string,
  /** The beginning of the reply code, and of the enhanced status code; null matches every reply, also one without the code. */
  code: RegExp | null,
  enhanced: RegExp | null,
  /** One of them is in the words; null matches any words. */
  words: RegExp | readonly RegExp[] | null,
  unless?: RegExp,
];

const _ = null;
const ANY = 'GHSAMRD';
const UNTIL_RCPT = 'GHMR';
const TRANSACTION = 'MRD';
/** X.1.X and X.3.X are about an address of the mail, or the mail system. */
const NOT_OF_MAIL = /(?!.\.[13]\.)/;

// biome-ignore format: a table reads by its rows
export const REFUSAL_RULES: readonly Rule[] = [
  // By enhanced status code alone
  ['vantage-refused', ANY, _, /.\.7\.25\b|5\.7\.(?:51|68|510|708)\b/, _, /<own>/],
  ['vantage-refused', ANY, /4/, /4\.7\.23/, /\bptr\b/],
  ['vantage-listed', ANY, /5/, /5\.7\.(?:511|6[0-4]\d)\b/, _],
  ['vantage-rate-limited', ANY, _, /.\.7\.28\b|4\.7\.65\d\b|5\.7\.508\b/, _, /<others>/],
  ['vantage-rate-limited', ANY, /4/, /4\.7\.[5-8]\d\d\b/, /access denied/],
  ['vantage-helo-refused', ANY, /5/, /5\.7\.506\b/, _],
  ['tls-required', 'AMRD', _, /.\.7\.(?:10|11|29)\b/, _],
  ['auth-disabled', 'A', /5/, /5\.7\.139\b/, _, /incorrect|expired/],
  ['auth-app-password', 'A', /5/, /5\.7\.(?:9|14)\b/, _],
  ['rcpt-null-mx', 'R', /5/, /5\.1\.10\b/, /null ?mx|does not accept mail/],
  ['mailbox-full', 'RD', _, /.\.2\.2\b/, _],
  ['rcpt-refused', 'R', /556/, _, /invalid account|not found/],
  // Exchange: who may send to a mailbox or a group
  ['rcpt-refused', 'R', /5/, /5\.7\.1(?:3[3-6]|93)\b/, _],
  ['rcpt-too-many', 'R', /(?:4|552)/, /.\.5\.3\b/, _, /<client>/],
  ['storage-exceeded', TRANSACTION, /5/, /5\.(?:3\.4|2\.3)\b/, _],
  // RFC 3463 3.4: mail system full
  ['storage-insufficient', 'GHMRD', _, /.\.3\.1\b/, _],
  ['sender-refused', 'RD', /5/, /5\.(?:7\.(?:2[03467]|30|40|501|509|515)|1\.[78]|2\.252)\b/, _],
  // RFC 7372: an error of the evaluation of SPF, which is one of the sender's domain
  ['sender-refused-temporarily', 'RD', /4/, /4\.7\.24\b/, /\bspf\b/],
  ['sender-refused-temporarily', 'RD', /4/, /4\.(?:7\.(?:2[03467]|30|40)|1\.[78])\b/, _, /<own>|in progress/],
  // Yahoo: DMARC
  ['sender-refused', 'D', /5/, /5\.7\.9\b/, /policy|dmarc|authenticat/],
  // What has to come first
  ['tls-required', 'AMRD', _, _, [
    /must issue an? starttls/,
    /(?:tls|ssl|encryption)\)? (?:is )?(?:required|needed)/,
    /requires? (?:tls|starttls|encryption)/,
  ]],
  ['vantage-helo-refused', UNTIL_RCPT, _, _, /\bhelo command (?:rejected|\[)/, /<own>/],
  ['auth-required', 'MR', /5/, _, [
    /authentication (?:is )?required|(?:proper|requires|with|without) authentication/,
    /must (?:first )?(?:authenticate|log ?in|issue an auth)/,
    /not authenticated/,
    /unauthenticated senders not/,
    /(?:log ?in|auth\w*) first/,
  ]],
  ['auth-required', 'MR', /530/, _, _],
  ['rcpt-relay-refused', 'R', _, _, [
    /\brelay(?:ing)?\b.{0,40}\b(?:<no>|prohibited|dis(?:abled|allowed))/,
    /(?:unable|<no>\w*|n't allowed|not configured) to relay/,
    /(?:open|insecure mail|deny|denies|for) relay/,
    /do(?:es)? not relay/,
    /\brcpthosts\b|\bas an? (?:open )?relay\b/,
  ], /<own>|unable to (?:check|read)/],
  ['auth-app-password', 'A', /5/, _, /\bapp(?:lication)?s?(?:[- ]specific)? password|authorization code|web browser|授权码/],
  // Postfix says 535 also when its authentication server does not answer.
  ['auth-unavailable', 'A', /5/, _, /<own>|authentication server|connection lost|try again later/],
  ['auth-disabled', 'A', /5/, _, [
    /\bis disabled/,
    /not (?:enabled|available) for|no permission|access rights|(?:switched|turned) off/,
    /无权/,
  ]],
  // Too many passwords that failed say that the password is wrong.
  ['vantage-refused', 'A', /5/, _, [
    /unauthori[sz]ed ip/,
    /your ip(?: address)? (?:\[?{#}\]? )?(?:is|has been) (?:block|bann|<no>)/,
    /(?:access|connections?) from (?:your|this) (?:ip|country|network)/,
  ], /<own>|too many|attempts/],
  // The name in EHLO
  ['vantage-helo-refused', UNTIL_RCPT, /(?!503)/, _, [
    /\b(?:helo|ehlo)\b.{0,60}\b(?:<no>|<bad>|must|should|require|violate|dynamic|mismatch|own ip|no forward|not (?:found|valid|resolv|fully|match)|does(?: not|n't) (?:resolve|match|exist))/,
    /(?:<bad>|non-fqdn|(?:real|valid) hostname|identify yourself).{0,40}\b(?:helo|ehlo)/,
    /helohost error/,
  ], /<own>|\bfirst\b|callback|callout|dnsbls/],
  // The name is the one argument that can be wrong.
  ['vantage-helo-refused', 'H', /501/, _, _, /<own>/],
  // The client's address: limits of its rate
  ['vantage-rate-limited', 'GHSMRD', _, _, /<excess>/, /spams? from|<own>/],
  // Passwords that failed too often say that the password is wrong.
  ['vantage-rate-limited', 'A', _, _, /<excess>/, /fail|incorrect|wrong|<own>/],
  ['vantage-rate-limited', 'GHMRSA', _, _, [
    /try again later from \[?{#}/,
    /(?:messages?|connections?|mail) from [([]?{#}[)\]]? (?:were )?temporarily deferred/,
    /too many recipients[\w ]{0,20} (?:this|per) (?:hour|minute|day)\b/,
    /\b(?:ip|connection) frequency limit/,
    /connection rate limit/,
    /hl:i[cf]c/,
    /limits for how many/,
    // French, German, Chinese
    /trop de connexions|zu viele verbindungen|(?:发信|连接)频率/,
    // Portuguese, Spanish, Italian, Polish
    /muitas conex|demasiadas conexiones|troppe connessioni|zbyt wiele po[lł][aą]cze/,
  ]],
  ['vantage-rate-limited', 'MRD', /432/, _, /concurrent|sender thread limit/],
  ['vantage-rate-limited', 'A', /4/, _, /too many login/],
  ['vantage-rate-limited', UNTIL_RCPT, _, NOT_OF_MAIL, /rate[- ]?limit|connection rate|submission rate|throttl|too (?:fast|frequent)|slow down/, /<others>|<own>|\bquota\b|sending rate/],
  ['vantage-rate-limited', 'SA', /4/, _, /rate[- ]?limit|throttl|too (?:fast|frequent)/, /<others>/],
  // The client's address: lists
  ['vantage-listed', ANY, _, _, [
    /(?:client|host) \[[^\]]*\] blocked using/,
    /(?:client host|{#}\]?).{0,40}<list>/,
    /<list>.{0,60}{#}(?!:\d)/,
    /\bip(?: address)? (?:is |was )?(?:found )?(?:in|on) (?:a |our |the )?<list>/,
    /{#}\]? (?:was |is |has been )?found in (?:<list>|the (?!.{0,20}\bdns\b))/,
    /(?:mail|messages?|connections?) from \[?{#}\]? (?:was |were )?(?:deferred|rejected|refused|blocked) using/,
  ], /<own>|<another>/],
  ['vantage-listed', ANY, _, NOT_OF_MAIL, [
    /<client>.{0,50}<list>/,
    /blocked - see https?:/,
    /sent mail to spamtraps/,
    /suspected spam ip/,
    /too many spams from/,
  ], /<own>|<another>/],
  ['vantage-listed', UNTIL_RCPT, _, NOT_OF_MAIL, [
    /block(?:ed)? using/,
    /blocked by [\w-]+(?:\.[\w-]+)+/,
    /\bblock(?:ed)? (?:for|by) (?:spam|abuse)/,
    /<list>/,
    /black ip/,
    /(?<!\b(?:not|recipient|user|mailbox|account|sender|domain) )\blisted (?:at|in|on|by)\b/,
    /黑(?: ?ip|名[单單])|ip\S{0,8}(?:禁止|拒绝|封禁|屏蔽)/,
    // Other languages
    /list[ea] n(?:oire|egra|era)|ч[её]рн\S+ списк|czarn\S+ li[sś]|kara liste|zwarte lijst|svart ?list/,
    /ip-adresse.{0,40}(?:spam.{0,20}(?:blockiert|gesperrt)|(?:blockiert|gesperrt).{0,20}spam)/,
    /ブラックリスト|블랙리스트/,
  ], /<own>|<another>|recipient has|recipient's|\bmailfrom\b|^user\b|access\.db/],
  // The client's address: name, place, reputation
  ['vantage-refused', UNTIL_RCPT, _, _, [
    /<ptr>.{0,60}\b(?:dns|record|entry|eintrag|look-?up|(?:host)?name|address|missing|required|not found|fail|reject)/,
    /(?:no|without|invalid|bad|fix|kein|missing|requires?) <ptr>|ip must resolve/,
    /ip name lookup failed|<no>[\w ]{0,30} from <client>/,
    /(?:cannot|could not|can't|unable to) (?:find|resolve|look ?up) your/,
  ], /<own>|<another>|relaying denied/],
  ['vantage-refused', 'D', _, _, /\bptr\b|reputation of the sending ip/],
  ['vantage-refused', UNTIL_RCPT, _, NOT_OF_MAIL, [
    /(?:your|this|bad|client|server|sending|sender|connecting) (?:sender )?(?:ips?|(?:remote)?host|network|mta|mail server)\b.{0,60}\b(?:<no>|reputation|policy|abusive|spammer|address$)/,
    /mismatches client ip/,
    /accepting mail from your ip/,
    /\b<no>.{0,60}\b(?:your|client|sending) (?:ip|host)\b/,
    /(?:bad|poor|low|\bip) reputation(?! of the sending domain)/,
    /your access to (?:this|submit)/,
    /(?:access <no>\w* by|(?:access|connections?) <no>\w* (?:for|from|due to))\b.{0,60}(?:\b(?:ip|country|geo\w*|reputation)\b|{#}(?!:\d))/,
    /not (?:allowed|permitted|authori[sz]ed) to connect|^connections? (?:denied|rejected)\b/,
    /(?:access denied|prohibition|not available|not accepting messages) (?:for|from|to) (?:host )?\[?{#}/,
    /(?:mail|messages?|connections?|access|prohibition)(?: (?:from|for))? (?:ip |host |ip address )*\[?{#}(?!:\d)\]?.{0,20}<no>/,
    /\bgeo[- ]?(?:block|restrict|fenc|policy)|\bcountry\b.{0,20}<no>/,
    /\b(?:ip|host|client|server)\b.{0,40}\bnot (?:in|on) (?:\w+ )?(?:white|allow)[- ]?list/,
    /intrusion prevention/,
    /dynamic (?:ip|address)|dial-?up|\bip is rejected|invalid ip\b/,
    /{#}\]?(?::\d+)? is not (?:allowed|authori[sz]ed|permitted)\b/,
    /host network not allowed|adresse ip .{0,30}bloqu|\bip (?:foi )?bloquead|ip-adresse.{0,40}(?:blockiert|gesperrt)/,
    /ip\S{0,60}禁止连接/,
  ], /<own>|<another>/],
  // Before MAIL nobody but the client has been named.
  ['vantage-listed', 'GH', /5/, NOT_OF_MAIL, /\b(?:blocked|banned|abusive|blocklisting)\b/, /<own>/],
  ['vantage-refused', 'GH', _, NOT_OF_MAIL, [
    /your address\b.{0,60}\b<no>/,
    /you (?:are|have been) <no>/,
    /due to policy violations/,
    /(?:access|connection) <no>\w* (?:by|due to) (?:\w+ )?policy/,
    /\bip={#} - /,
  ], /<own>/],
  // Aimed at strangers, and passing
  ['greylisted', TRANSACTION, /4/, _, [
    /gr[ae]y ?-?list/,
    /graulist|list[ea] (?:gris|cinza|grigia)|szara lista|серый список|灰名[单單]/,
  ], /<own>/],
  // A time alone says nothing about strangers: servers in trouble name one, too.
  ['greylisted', TRANSACTION, /45[01]/, /$|4\.7\./, /\bfirst (?:contact|attempt)|first[- ]time sender|\b(?:new|unknown) (?:sender|triplet)/, /<weak>/],
  ['greylisted', TRANSACTION, /45[01]/, /$|4\.7\./, /^(?:(?:temporarily )?(?:deferred|rejected)[.,:]? )?(?:please )?(?:try|retry|come back|resend)(?: again)?(?: later)? (?:in|after) \d{1,5} ?[smh]\w{0,8}[. ]*$/],
  ['greylisted', TRANSACTION, /45[01]/, /$/, /^temporarily (?:deferred|rejected)[.,:]? (?:please )?try again later[. ]*$/],
  ['greylisted', TRANSACTION, /45[01]/, /4\.7\.1\b/, /^(?:temporarily (?:deferred|rejected)[.,:]? )?(?:please )?(?:try|try again|retry|come back)(?: later)?[. ]*$/],
  // Postfix's postscreen hangs up on every new client that passes its tests in the session.
  ['greylisted', 'R', /450/, /4\.3\.2\b/, /^service currently unavailable$/],
  ['address-unverified', 'MR', /4/, _, /verification (?:is )?in progress|\bunverified\b/, /<weak>/],
  // Mailboxes, sizes, numbers
  ['mailbox-full', 'R', _, /(?!.\.3\.)/, [
    /\bquota\b|over-?quot[ae]|storage limit|not enough (?:disk ?)?space|(?:allowed|out of) storage/,
    /\b(?:mailbox|inbox|account|mail ?folder|maildir|storage)\b.{0,40}\b(?:full|exceed|allocation)/,
    /speichervolumen|postfach voll|pleine|casella piena|lleno|caixa postal cheia|переполнен|已满|容量を超え/,
  ], /policy rejection|queue|spool|file ?system|partition|\brate\b|per hour|too (?:many|quick)/],
  ['rcpt-too-many', 'R', /(?:4|552)/, _, /too many recipients/],
  ['storage-insufficient', TRANSACTION, /452/, /$|..3\.|..0\.0|4\.4\.5/, _, /temporary (?:local|system)|connection rate|policy error/],
  ['storage-exceeded', TRANSACTION, /552/, /$|5\.[23]\./, _, /mail ?from|\bquota\b|reject|virus|spam|content|extension/],
  ['storage-exceeded', 'D', /5/, _, /email size|message (?:header )?size|too (?:big|large)|taille limite|message is too long/],
  // The sender: RFC 7372, RFC 7505 and words
  ['sender-refused', 'RD', /5/, _, [
    /\b(?:open-?)?(?:spf|dmarc|dkim)|sender policy framework/,
    /\bsender\b.{0,20} has no\b/,
    /backscatter/,
    /reputation of a domain/,
    /mail from {@} rejected/,
    /\bsender (?:e-?mail )?(?:address|domain|verify|invalid|frequency|id|is |was |rejected|refused|denied|blacklisted|not )/,
    /\bmail ?from domain/,
    /envelope (?:from|blocked|rejected)/,
    /domain frequency/,
    /suspected spam sender/,
    /sending domain/,
    /domain present in the spamhaus/,
    /email address is not verified|\bfrom:? (?:address|domain) (?:must be|is not) verified/,
    /spoof(?:ed|ing)? sender|anti-?spoof|blocked senders?|<nomx>|sender (?:signature|identity)/,
    /\bsender\b.{0,30}\bnot match/,
  ], /recipient domain/],
  ['sender-refused-temporarily', 'RD', /4/, _, /\b(?:spf|dmarc|dkim)\b|\bsender (?:address|domain|verify)|\bdomain \S{1,80} is not allowed to send/, /<own>/],
];
