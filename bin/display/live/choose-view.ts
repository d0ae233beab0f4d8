import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import type { Screen } from '../layout/screen.ts';
import { openBoardView } from './board-view.ts';
import { openJsonView } from './json-view.ts';
import { openLineView } from './line-view.ts';
import type { LiveView } from './live-view.ts';
import type { LiveOutput } from './log-above-board.ts';

export interface ViewOptions {
  readonly format: 'text' | 'json';
  /** Alerts and problems only. */
  readonly quiet: boolean;
}

/** JSON lines, a board that is redrawn in a terminal, or a line per change in a pipe or a file. */
export function openView(options: ViewOptions, output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  const view = viewFor(options, output, screen, context);
  return options.quiet
    ? {
        ...view,
        say: () => {},
        showRound: () => {},
        showLateSamples: () => {},
        showPosture: () => {},
        showTrips: () => {},
      }
    : view;
}

function viewFor({ format }: ViewOptions, output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  if (format === 'json') return openJsonView(output, context);
  return output.isTTY === true ? openBoardView(output, screen, context) : openLineView(output, screen, context);
}
