/** A mail server whose replies the test changes while it runs. */
import { type Answers, mailServer, serve } from '../smtp/scripted-server.ts';

export interface FaultyMailServer {
  readonly port: number;
  /** Replaces replies of the next sessions; without any, the server is well. */
  setReplies(replies: Answers): void;
  close(): Promise<void>;
}

export async function startFaultyMailServer(): Promise<FaultyMailServer> {
  let answers: Answers = {};
  const server = await serve((client) => mailServer({ answers })(client));
  return {
    port: server.port,
    setReplies: (replies) => {
      answers = replies;
    },
    close: server.close,
  };
}
