/** The style of all pages, as `page.css`. Each subject has a file in `style/`. */
import { BASE_STYLE } from './style/base.ts';
import { CHART_STYLE } from './style/charts.ts';
import { FRAME_STYLE } from './style/frame.ts';
import { INCIDENT_STYLE } from './style/incident.ts';
import { OVERVIEW_STYLE } from './style/overview.ts';
import { PRINT_STYLE } from './style/print.ts';
import { REPORT_STYLE } from './style/report.ts';
import { ROW_STYLE } from './style/rows.ts';
import { SESSION_STYLE } from './style/session.ts';
import { TOKENS } from './style/tokens.ts';
import { VERDICT_STYLE } from './style/verdicts.ts';

/** In this order: what is later refines what is earlier. */
export const PAGE_STYLE = [
  TOKENS,
  BASE_STYLE,
  FRAME_STYLE,
  VERDICT_STYLE,
  CHART_STYLE,
  OVERVIEW_STYLE,
  ROW_STYLE,
  SESSION_STYLE,
  INCIDENT_STYLE,
  REPORT_STYLE,
  PRINT_STYLE,
].join('');
