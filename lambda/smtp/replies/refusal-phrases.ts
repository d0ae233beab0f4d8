/** Phrases that several rules share, by the name that rules have for them. A phrase may contain those above it. */

export const PHRASES: Readonly<Record<string, readonly RegExp[]>> = {
  // The server's own trouble
  backend: [
    /\b(?:milter|data ?base|my ?sql|sql|postgres\w*|ldap|redis|clamd?|spamd|scanners?|(?:anti)?-?virus)\b/,
    /\b(?:(?:content )?filter|socket|daemon|plugin|back-?end|upstream|directory)\b/,
  ],
  check: [
    /\b(?:gr[ae]y ?-?list\w*|policy|reputation|rbl|dns[bw]l|(?:block|black|white)list|recipient)(?: ?(?:look-?up|query|check|server|service|daemon|data ?base))?/,
  ],
  broken: [
    /\b(?:fail\w*|errors?|time-?d? ?-?outs?|unavailable|unreachable|down|broken|not (?:respond\w*|answer\w*|reachable))\b/,
    /\b(?:did not answer|lost|problem|overload\w*|crash\w*|full|gone)\b/,
  ],
  own: [
    /<backend>.{0,40}<broken>/,
    /<check>.{0,15}(?:<broken>|maintenance)/,
    /\b(?:internal|server) (?:server )?error|\bmilter\b|maintenance/,
    /(?:cannot|can't|could not|couldn't|unable to|failed to) (?:connect|contact|reach|query|look ?up (?!your)|scan)\b/,
    /(?:connect\w*|access) to (?:the )?<backend>|\b(?:servfail|resolver|name ?server|dns server)\b/,
    /\bout of memory|disk full|too many open files|shut(?:ting)? down/,
    // What Spamhaus has answered, for all clients alike, to a server that asks it the wrong way.
    /open resolver|excessive (?:number of )?quer|\/returnc\//,
  ],
  /** What a server in trouble says, and one that refuses a client may say as well. */
  weak: [
    /<own>|<backend>|unavailable|overload|\b(?:busy|load|system|queue|storage|space)\b|resources?\b|handshake|re(?:start|boot)/,
    /lookup (?:fail|err|time)|connection (?:refused|lost|reset|timed)|timed? ?-?out/,
    /(?:temporary|local|internal|configuration) (?:problem|error|failure)/,
    /interne[rs]? fehler|erreur interne|内部エラー|系统/,
  ],
  // What is done to whom is spoken of
  no: [/not (?:be )?(?:allow|permit|welcome|accept|authori[sz]ed)|denied|reject|refus|bann|block|forbid/],
  bad: [/invalid|forged|fake|bogus|bad|improper|incorrect|unresolv|unacceptable/],
  // Who is spoken of
  client: [
    /\[?{#}(?!:\d)/,
    /(?:this|your|the same|source|sending|client|connecting) (?:ip|host|address|client|network|server|mta|subnet|mail server)\b/,
  ],
  nomx: [/(?:has no|invalid dns|without an?) mx\b/],
  /** Postfix: what follows "rejected:" is of the policy, and can be about anybody. */
  another: [
    /\b(?:sender|envelope|mail ?from) (?:e-?mail )?(?:address|domain)\b(?!es)/,
    /\brecipient (?:e-?mail )?(?:address|domain)\b(?! rejected)/,
    /\bspf record|\(spf\)|\bspf[- ]|<nomx>/,
    /\b(?:sending|your|dkim) domain\b|invalid sender|sender (?:is )?(?:black|block)|blocked senders?|may be blacklisted|\burls?\b.{0,40}\blisted/,
  ],
  others: [
    /<another>|\b(?:sender|account|user|mailbox|recipient|domain|tenant|everyone|everybody|all clients|server connections)\b/,
  ],
  // What is wrong with the client
  list: [
    /(?:block|black|deny)[- ]?list|\bdnsr?[bw]l|\brbls?\b|\bdrbl\b/,
    /spamhaus|spamcop|spamrats|barracuda|sorbs|uceprotect|abuseat|invaluement|ivmsip/,
  ],
  ptr: [/reverse(?! ?-?path)|\bptr\b|\brdns?\b/],
  excess: [
    /too (?:many|much|fast|frequent\w*)[\w -]{0,40} from (?:an? (?:new|untrusted)|<client>)/,
    /too many smtp sessions|too many [\w -]{1,30} (?:this client|this host|from your)|per source\b/,
    /(?:this|your) ip(?: address)? has (?:sent too many|been[\w ]{0,20} limited)|\[?{#}\]? has exceeded|{#} throttled/,
    /(?:rate ?limit|throttled)[^.]{0,60} (?:for|from) (?:client |host |ip )*\[?{#}/,
    // Yahoo
    /\[(?:ip)?tss?\d\d\]/,
  ],
};
