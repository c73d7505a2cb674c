import { api, body } from "../api/client";
import type { Report } from "../api/things";
import { Made, PAGE } from "./made.svelte";

/** The organization's reports. */
export class Reports extends Made<Report> {
  protected first = () => body(api.GET("/v1/reports", { params: { query: { limit: PAGE } } }));
  protected one = (report_id: string) =>
    body(api.GET("/v1/reports/{report_id}", { params: { path: { report_id } } }));
  protected deleted = (report_id: string) =>
    body(api.DELETE("/v1/reports/{report_id}", { params: { path: { report_id } } }));

  /** Orders a report of photographs, as they were made last. */
  async make(photographs: string[]): Promise<Report> {
    const report = await body(api.POST("/v1/reports", { body: { photographs } }));
    if (!this.all.has(report.id)) this.take(report);
    return report;
  }
}

export const reports = new Reports();
