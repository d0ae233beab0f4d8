/** The Lambda entry of answers: behind a function URL, and for calls that IAM permits. */
import { diagnoseSecrets, type SecretDiagnosis, type SecretDiagnosisRequest } from '../aws/diagnose-secrets.ts';
import { bundledConfig, homeTable } from '../aws/environment-ports.ts';
import { logJson } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { answerReferences } from '../config/answers/answer-secrets.ts';
import { openWindowStore } from '../history/windows/window-store.ts';
import type { AnswerPorts } from './answer-ports.ts';
import { answerRequest } from './answer-request.ts';
import { answerCall, type DirectAnswer, type DirectCall, isUrlEvent } from './direct-call.ts';
import { type FunctionUrlEvent, type FunctionUrlResult, requestOfEvent, resultOfAnswer } from './function-url.ts';
import { acknowledge, findOpenIncident } from './incidents/acknowledge.ts';
import { openIncidentStores } from './incidents/incident-stores.ts';
import { toldIncidents } from './incidents/told-incidents.ts';
import { muteIncident } from './mute-incident.ts';
import { openRateLimit, REFUSALS_LOGGED } from './rate-limit.ts';

export async function handler(
  event: FunctionUrlEvent | DirectCall | SecretDiagnosisRequest,
): Promise<FunctionUrlResult | DirectAnswer | SecretDiagnosis> {
  ports ??= openPorts();
  if (isUrlEvent(event)) return resultOfAnswer(await answerRequest(ports, requestOfEvent(event)));
  if ('diagnose' in event) return await diagnoseSecrets(answerReferences(ports.config), ports.secret);
  return await answerCall(ports, event);
}

let ports: AnswerPorts | undefined;

/** Made once per container, on the first request. */
function openPorts(): AnswerPorts {
  const table = homeTable();
  const stores = openIncidentStores(table, logUnreadable);
  const windows = openWindowStore(table, logUnreadable);
  return {
    config: bundledConfig(),
    toldIncidents: () => toldIncidents(table, logUnreadable),
    findOpenIncident: (id) => findOpenIncident(stores, id),
    acknowledge: (id, by, now) => acknowledge(stores, id, by, now),
    mute: (request) => muteIncident(windows, request),
    secret: homeSecrets(),
    log: logJson,
    now: Date.now,
    requests: openRateLimit(),
    refusals: openRateLimit(REFUSALS_LOGGED),
  };
}
