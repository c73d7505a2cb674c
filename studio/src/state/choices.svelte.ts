import { headers } from "../api/client";
import { errorOf } from "../api/problem";
import type { Offer } from "../api/things";
import { t } from "../text";

export interface Choice {
  name: string;
  title: string;
  description: string;
}

/** The recipes and emulsions that the service offers; read once. */
class Choices {
  recipes = $state.raw<Choice[]>([]);
  emulsions = $state.raw<Choice[]>([]);
  #reading: Promise<void> | null = null;

  load(): Promise<void> {
    this.#reading ??= this.#read().catch((error: unknown) => {
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { recipes, emulsions } = t.restore;
    const [some, others] = await Promise.all([
      offers("/v1/recipes", Object.keys(recipes)),
      offers("/v1/emulsions", Object.keys(emulsions)),
    ]);
    this.recipes = some.map(recipeChoice);
    this.emulsions = others.map(emulsionChoice);
  }
}

/** What can be chosen; a service that does not list it knows what comes with photochrom. */
async function offers(path: string, known: string[]): Promise<Offer[]> {
  const response = await fetch(path, { headers: headers() });
  if (response.status === 404) return known.map((name) => ({ name }));
  const said: unknown = await response.json();
  if (!response.ok) throw errorOf(response.status, said);
  return said as Offer[];
}

/** What comes with photochrom is said in the studio's words and language, the rest in the service's. */
function recipeChoice({ name, description }: Offer): Choice {
  const known = t.restore.recipes[name];
  return { name, title: known?.[0] ?? name, description: known?.[1] ?? description ?? "" };
}

function emulsionChoice({ name, description }: Offer): Choice {
  return { name, title: t.restore.emulsions[name] ?? name, description: description ?? "" };
}

export const choices = new Choices();
