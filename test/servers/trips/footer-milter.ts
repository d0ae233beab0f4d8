/** The filter of a gateway that adds a disclaimer to text and HTML, after the message was signed. */

import { type Milter, milterReply, serveMilter } from '../milter.ts';

const FOOTER = 'This message was checked by the gateway of example.net.';

/** Letters of the milter protocol. */
const [OPTIONS, BODY, END, MAIL, CONTINUE, REPLACE_BODY] = ['O', 'B', 'E', 'M', 'c', 'b'];
/** Commands without a reply: macros, abort, and the ends of a session. */
const UNANSWERED = 'DAQK';
const MAY_CHANGE_BODY = 2;
/** A packet has at most so many octets. */
const CHUNK = 65_535;

export function startFooterMilter(): Promise<Milter> {
  return serveMilter(() => {
    let body = '';
    return (socket, command, data) => {
      if (command === MAIL) body = '';
      if (command === BODY) body += data.toString('latin1');
      if (command === OPTIONS) milterReply(socket, OPTIONS, options());
      else if (command === END) {
        const changed = Buffer.from(withFooter(body), 'latin1');
        for (let at = 0; at < changed.length; at += CHUNK)
          milterReply(socket, REPLACE_BODY ?? '', changed.subarray(at, at + CHUNK));
        milterReply(socket, CONTINUE ?? '');
      } else if (!UNANSWERED.includes(command)) milterReply(socket, CONTINUE ?? '');
    };
  });
}

/** Version 6, changes of the body, and every command with a reply. */
function options(): Buffer {
  const octets = Buffer.alloc(12);
  octets.writeUInt32BE(6, 0);
  octets.writeUInt32BE(MAY_CHANGE_BODY, 4);
  return octets;
}

/** As simple filters do it, which know no MIME: before the boundary after text/plain, and before the end of HTML. */
function withFooter(body: string): string {
  return body
    .replace(/(Content-Type: text\/plain[\s\S]*?\r\n\r\n[\s\S]*?)(\r\n--)/i, `$1\r\n-- \r\n${FOOTER}\r\n$2`)
    .replace(/<\/body>/i, `<p>${FOOTER}</p></body>`);
}
