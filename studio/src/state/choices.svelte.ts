import { api, body } from "../api/client";
import type { Emulsion, Recipe } from "../api/things";
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
    const [recipes, emulsions] = await Promise.all([
      body(api.GET("/v1/recipes")),
      body(api.GET("/v1/emulsions")),
    ]);
    this.recipes = recipes.map(recipeChoice);
    this.emulsions = emulsions.map(emulsionChoice);
  }
}

/** What comes with photochrom is said in the studio's words and language, the rest in the service's. */
function recipeChoice({ name, description }: Pick<Recipe, "name" | "description">): Choice {
  const known = t.restore.recipes[name];
  return { name, title: known?.[0] ?? name, description: known?.[1] ?? description };
}

function emulsionChoice({ name, description }: Pick<Emulsion, "name" | "description">): Choice {
  return { name, title: t.restore.emulsions[name] ?? name, description };
}

export const choices = new Choices();
