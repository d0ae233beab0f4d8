/** Answers one request of Slack, PagerDuty or a person with a link. */
import { type AnswerSecrets, answerSecrets } from '../config/answers/answer-secrets.ts';
import { LINK_PATH } from './acknowledge-link.ts';
import { type AnswerPorts, Refusal } from './answer-ports.ts';
import { type HttpRequest, type HttpResponse, MOST_BODY, plainAnswer } from './http.ts';
import { showLink, useLink } from './link-request.ts';
import { answerPagerDuty } from './pagerduty-event.ts';
import { answerSlack } from './slack-button.ts';

type Answer = (ports: AnswerPorts, request: HttpRequest) => Promise<HttpResponse>;

interface Route {
  readonly name: string;
  readonly path: RegExp;
  /** A route that no channel needs is not there. */
  isNeeded(secrets: AnswerSecrets): boolean;
  readonly methods: Readonly<Record<string, Answer>>;
}

const ROUTES: readonly Route[] = [
  { name: 'health', path: /^\/health$/, isNeeded: () => true, methods: { GET: async () => plainAnswer(204) } },
  {
    name: 'slack',
    path: /^\/slack$/,
    isNeeded: ({ slack }) => slack.length > 0,
    methods: { POST: answerSlack },
  },
  {
    name: 'pagerduty',
    path: /^\/pagerduty$/,
    isNeeded: ({ pagerduty }) => pagerduty.length > 0,
    methods: { POST: answerPagerDuty },
  },
  {
    name: 'link',
    path: new RegExp(`^${LINK_PATH}[\\w.-]{1,2000}$`),
    isNeeded: ({ link }) => link !== undefined,
    methods: { GET: showLink, POST: useLink },
  },
];

/** Milliseconds. Slack waits for 3 s, PagerDuty for 5 s. */
const MOST_TIME = 2_500;

/** Never rejects. A refusal says nothing but its status. */
export async function answerRequest(ports: AnswerPorts, request: HttpRequest): Promise<HttpResponse> {
  const now = ports.now();
  if (!ports.requests.take(request.source, now)) {
    return plainAnswer(429, { 'retry-after': String(60 - Math.floor((now / 1000) % 60)) });
  }
  const secrets = answerSecrets(ports.config);
  const route = ROUTES.find(({ path, isNeeded }) => path.test(request.path) && isNeeded(secrets));
  if (route === undefined) return plainAnswer(404);
  const isHead = request.method === 'HEAD';
  const method = isHead ? 'GET' : request.method;
  const answer = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
  if (answer === undefined) return plainAnswer(405, { allow: allowed(route) });
  if (request.body.length > MOST_BODY) return plainAnswer(413);
  const response = await withinTime(ports, route, () => answer(ports, request));
  return isHead ? { ...response, body: '' } : response;
}

function allowed({ methods }: Route): string {
  return Object.keys(methods)
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .join(', ');
}

/** What takes longer goes on, and is answered as an error: the person sees one, and can repeat it. */
async function withinTime(ports: AnswerPorts, route: Route, work: () => Promise<HttpResponse>): Promise<HttpResponse> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal(503, `no answer within ${MOST_TIME} ms`)), MOST_TIME);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    return refusal(ports, route, error);
  } finally {
    clearTimeout(timer);
  }
}

/** A few in a minute are logged, so that an attack does not fill the log. */
function refusal({ log, refusals, now }: AnswerPorts, { name }: Route, error: unknown): HttpResponse {
  const status = error instanceof Refusal ? error.status : 503;
  const why = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
  const facts = { route: name, status: String(status), why };
  if (refusals.take('all', now())) {
    log({ level: status === 503 ? 'error' : 'warn', message: 'a request to acknowledge was refused', facts });
  }
  return plainAnswer(status, status === 503 ? { 'retry-after': '5' } : {});
}
