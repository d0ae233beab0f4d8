/** A row of buttons of which one is chosen. Arrow keys go from one to the next, as in a group of radio buttons. */

interface Choice {
  readonly id: string;
  readonly label: string;
}

interface Choices {
  readonly label: string;
  readonly all: readonly Choice[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function Choices({ label, all, chosen, onChoose }: Choices) {
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const group = event.currentTarget as HTMLElement;
    if (step === undefined) return;
    event.preventDefault();
    const at = all.findIndex(({ id }) => id === chosen);
    const next = (at + step + all.length) % all.length;
    onChoose(all[next]?.id ?? chosen);
    group.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div class="choices" role="radiogroup" aria-label={label} onKeyDown={move}>
      {all.map((choice) => (
        // biome-ignore lint/a11y/useSemanticElements: a button keeps its look, the group its arrow keys
        <button
          key={choice.id}
          type="button"
          role="radio"
          aria-checked={choice.id === chosen}
          tabIndex={choice.id === chosen ? 0 : -1}
          onClick={() => onChoose(choice.id)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
