"""Reports from outside: drafted, approved by somebody else, published, and read by everybody."""

import re
import subprocess
import unittest

from harness import Served
from people import Office, hire


class Reports(Office):
    def pages(self, pdf, name):
        file = self.folder / name
        file.write_bytes(pdf)
        said = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        return int(re.search(r"Pages:\s+(\d+)", said).group(1))

    def test_a_report_goes_to_everybody_and_outlives_a_kill(self):
        with Served(self.data) as served:
            admin = self.first(served)
            editor = hire(admin, served.url, "edda", "report-desk")
            approver = hire(admin, served.url, "anna", "report-approver")
            made = editor.post("/api/v1/reports", template="monthly")
            path = f"/api/v1/reports/{made['id']}"
            self.refused("report.role", lambda: editor.post(f"{path}/commands", verb="approve", version=1))
            editor.post(f"{path}/commands", verb="comment", version=1, comment_zh="本月平稳。", comment_en="A quiet month.")
            self.refused("report.version", lambda: approver.post(f"{path}/commands", verb="approve", version=1))
            self.assertEqual({n["verb"] for n in approver.get(path)["next"]}, {"approve", "send_back"})
            approver.post(f"{path}/commands", verb="approve", version=2)
            approver.post(f"{path}/commands", verb="publish", version=2)
            self.refused("report.departments", lambda: approver.post(f"{path}/commands", verb="send", version=2))
            approver.post(f"{path}/commands", verb="send", version=2, departments=["drainage-service"])
            view = editor.post("/api/v1/views", name="路灯", query="item=0102")
            self.assertEqual([v["name"] for v in editor.get("/api/v1/views")["views"]], ["路灯"])
            self.refused("view.other", lambda: approver.ask("DELETE", f"/api/v1/views/{view['id']}"))
            served.kill()
        with Served(self.data) as served:
            [report] = served.json("/api/v1/reports")["reports"]
            self.assertEqual((report["state"], report["version"], report["published"]), ("published", 2, 2))
            self.assertIn("本月平稳", served.get(f"{path}/2.html?lang=zh").decode())
            first, second = (served.get(f"{path}/2.pdf?lang=zh") for _ in range(2))
            self.assertEqual(first, second)
            self.assertGreaterEqual(self.pages(first, "zh.pdf"), 1)
            self.assertGreaterEqual(self.pages(served.get(f"{path}/2.pdf?lang=en"), "en.pdf"), 1)
            self.assertIn(f"/reports/{made['id']}", served.get("/feeds/reports.atom").decode())


if __name__ == "__main__":
    unittest.main()
