using AgentSentinel.Core.Events;
using AgentSentinel.Simulator.Habits;

namespace AgentSentinel.Simulator.Fleets;

/// <summary>The purposes agents may have, with their tools and data.</summary>
internal static class PurposeCatalogue
{
    private static readonly string[] Regions = ["", "_eu", "_us", "_apac"];

    /// <summary>What an agent without a sending tool of its own can still reach.</summary>
    public static SimulatedTool MailTool { get; } = Send("mail.send_message", "mail-mcp", 1);

    public static IReadOnlyList<AgentPurpose> All { get; } =
    [
        new("crm-assistant", "sales", [Habit.OfficeHours, Habit.Diurnal],
            Regional("crm/contacts", "crm/accounts", "crm/opportunities", "crm/activities", "crm/quotes", "crm/campaign_members"),
            ["crm/contract_terms", "crm/discount_approvals", "crm/personal_notes"],
            [
                Read("crm.search_contacts", "crm-mcp", 6, records: 12, bytesPerRecord: 420),
                Read("crm.get_account", "crm-mcp", 5, records: 1, bytesPerRecord: 2_400),
                Read("crm.list_activities", "crm-mcp", 3, records: 20, bytesPerRecord: 260),
                Write("crm.update_opportunity", "crm-mcp", 2, records: 1),
                Write("crm.log_activity", "crm-mcp", 2, records: 1),
                Send("mail.send_message", "mail-mcp", 1),
            ]),
        new("support-triage", "customer-service", [Habit.Diurnal, Habit.OfficeHours],
            Regional("tickets/open", "tickets/closed", "kb/articles", "kb/runbooks", "customers/entitlements", "customers/devices"),
            ["customers/payment_methods", "customers/identity_documents"],
            [
                Read("tickets.list", "helpdesk-mcp", 5, records: 25, bytesPerRecord: 310, SourceTrust.Untrusted),
                Read("tickets.get", "helpdesk-mcp", 8, records: 1, bytesPerRecord: 3_800, SourceTrust.Untrusted),
                Read("kb.search", "kb-mcp", 6, records: 8, bytesPerRecord: 1_200),
                Write("tickets.set_priority", "helpdesk-mcp", 3, records: 1),
                Write("tickets.add_comment", "helpdesk-mcp", 4, records: 1),
                Send("tickets.reply_to_customer", "helpdesk-mcp", 2),
            ]),
        new("invoice-processor", "finance", [Habit.CronLike, Habit.OfficeHours],
            Regional("erp/invoices", "erp/purchase_orders", "erp/vendors", "erp/goods_receipts", "erp/cost_centres"),
            ["erp/bank_accounts", "erp/payment_runs", "payroll/salaries"],
            [
                Read("erp.fetch_invoice", "erp-gateway", 8, records: 1, bytesPerRecord: 9_000, SourceTrust.External),
                Read("erp.match_purchase_order", "erp-gateway", 6, records: 4, bytesPerRecord: 900),
                Read("erp.lookup_vendor", "erp-gateway", 4, records: 1, bytesPerRecord: 1_500),
                Write("erp.book_invoice", "erp-gateway", 5, records: 1),
                Write("erp.flag_for_review", "erp-gateway", 1, records: 1),
                Send("erp.notify_vendor", "erp-gateway", 0.6),
            ]),
        new("data-analyst", "analytics", [Habit.OfficeHours, Habit.Sparse],
            Regional("warehouse/orders", "warehouse/sessions", "warehouse/products", "warehouse/returns", "warehouse/experiments", "warehouse/inventory", "warehouse/forecasts"),
            ["warehouse/customer_pii", "warehouse/margin_by_customer"],
            [
                Read("sql.query", "warehouse-mcp", 9, records: 180, bytesPerRecord: 120, durationMs: 1_400),
                Read("sql.describe_table", "warehouse-mcp", 3, records: 1, bytesPerRecord: 1_800),
                Execute("notebook.run_cell", "notebook-host", 5, ToolTarget.None, durationMs: 2_600),
                Write("notebook.save", "notebook-host", 1, records: null, ToolTarget.None),
                Read("files.read_csv", "file-share", 2, records: 600, bytesPerRecord: 90),
                Send("chat.post_summary", "chat-mcp", 1),
            ]),
        new("code-reviewer", "engineering", [Habit.OfficeHours, Habit.Diurnal],
            Regional("repo/payments-service", "repo/web-shop", "repo/mobile-app", "repo/infrastructure", "repo/data-pipelines", "repo/design-system"),
            ["repo/signing-keys", "repo/security-findings"],
            [
                Read("git.get_diff", "forge-mcp", 7, records: null, bytesPerRecord: 14_000, SourceTrust.External),
                Read("git.read_blob", "forge-mcp", 8, records: null, bytesPerRecord: 6_500),
                Read("git.search_code", "forge-mcp", 4, records: 15, bytesPerRecord: 300),
                Write("git.post_review_comment", "forge-mcp", 4, records: 1),
                Execute("ci.run_tests", "ci-runner", 1.5, ToolTarget.Dataset, durationMs: 42_000),
                Send("chat.notify_author", "chat-mcp", 0.8),
            ]),
        new("deploy-bot", "platform", [Habit.Sparse, Habit.OfficeHours, Habit.Diurnal],
            Regional("cluster/web", "cluster/payments", "cluster/search", "registry/images", "config/feature_flags"),
            ["vault/service_tokens", "vault/tls_private_keys"],
            [
                Read("cluster.get_status", "platform-mcp", 7, records: 30, bytesPerRecord: 350),
                Read("cluster.read_logs", "platform-mcp", 5, records: 400, bytesPerRecord: 160),
                Read("config.get_flag", "platform-mcp", 3, records: 1, bytesPerRecord: 240),
                Execute("cluster.roll_out", "platform-mcp", 1, ToolTarget.Dataset, durationMs: 25_000),
                Execute("cluster.roll_back", "platform-mcp", 0.2, ToolTarget.Dataset, durationMs: 21_000),
                Admin("config.set_flag", "platform-mcp", 0.5),
            ]),
        new("people-desk", "human-resources", [Habit.OfficeHours, Habit.Sparse],
            Regional("hr/org_chart", "hr/leave_requests", "hr/job_postings", "hr/onboarding_tasks", "hr/policies"),
            ["hr/salaries", "hr/medical_leave", "hr/performance_reviews"],
            [
                Read("hr.find_employee", "hr-suite", 6, records: 3, bytesPerRecord: 800),
                Read("hr.list_leave", "hr-suite", 4, records: 14, bytesPerRecord: 220),
                Read("hr.read_policy", "hr-suite", 3, records: 1, bytesPerRecord: 7_000),
                Write("hr.file_request", "hr-suite", 2, records: 1),
                Write("calendar.create_event", "calendar-mcp", 2, records: 1, ToolTarget.None),
                Send("mail.send_notice", "mail-mcp", 1.5),
            ]),
        new("research-scout", "strategy", [Habit.Diurnal, Habit.Sparse, Habit.OfficeHours],
            Regional("notes/market", "notes/competitors", "notes/patents", "library/papers", "library/filings", "library/interviews"),
            ["notes/acquisition_targets", "notes/board_briefings"],
            [
                Read("library.search", "library-mcp", 5, records: 20, bytesPerRecord: 700),
                Fetch("web.search", "web-gateway", 6, bytes: 9_000),
                Fetch("web.fetch_page", "web-gateway", 7, bytes: 48_000),
                Write("notes.append", "notes-mcp", 3, records: 1),
                Read("notes.read", "notes-mcp", 3, records: 1, bytesPerRecord: 5_200),
                Send("mail.send_digest", "mail-mcp", 0.5),
            ]),
        new("inventory-sync", "logistics", [Habit.CronLike, Habit.Diurnal],
            Regional("stock/levels", "stock/movements", "stock/locations", "suppliers/catalogue", "suppliers/lead_times"),
            ["suppliers/price_agreements", "suppliers/tender_bids"],
            [
                Read("stock.read_levels", "wms-gateway", 9, records: 250, bytesPerRecord: 80),
                Read("suppliers.get_feed", "wms-gateway", 4, records: 320, bytesPerRecord: 140, SourceTrust.External),
                Write("stock.adjust", "wms-gateway", 4, records: 20),
                Write("stock.reserve", "wms-gateway", 2, records: 3),
                Send("suppliers.send_order", "wms-gateway", 0.5),
            ]),
        new("report-builder", "controlling", [Habit.CronLike, Habit.Sparse],
            Regional("ledger/entries", "ledger/accounts", "ledger/budgets", "ledger/closings", "reports/templates"),
            ["ledger/intercompany", "ledger/executive_compensation"],
            [
                Read("ledger.query", "ledger-mcp", 9, records: 400, bytesPerRecord: 110, durationMs: 900),
                Read("reports.load_template", "report-host", 3, records: null, bytesPerRecord: 22_000),
                Execute("reports.render", "report-host", 3, ToolTarget.None, durationMs: 3_800),
                Write("reports.store", "report-host", 2, records: 1, ToolTarget.None),
                Send("mail.send_report", "mail-mcp", 1),
            ]),
        new("retention-keeper", "compliance", [Habit.CronLike],
            Regional("archive/mail", "archive/documents", "archive/calls", "archive/exports", "archive/audit_log"),
            ["archive/legal_hold", "archive/whistleblower_reports"],
            [
                Read("archive.list_expired", "archive-mcp", 6, records: 500, bytesPerRecord: 95),
                Read("archive.read_metadata", "archive-mcp", 6, records: 40, bytesPerRecord: 180),
                Delete("archive.purge", "archive-mcp", 3),
                Write("archive.record_decision", "archive-mcp", 3, records: 1),
            ]),
        new("marketing-writer", "marketing", [Habit.OfficeHours, Habit.Sparse],
            Regional("cms/pages", "cms/drafts", "cms/assets", "campaigns/briefs", "campaigns/results", "campaigns/segments"),
            ["campaigns/unreleased_products", "campaigns/customer_segments_raw"],
            [
                Read("cms.read_page", "cms-mcp", 6, records: 1, bytesPerRecord: 11_000),
                Read("campaigns.get_results", "campaign-mcp", 3, records: 60, bytesPerRecord: 150),
                Fetch("web.fetch_page", "web-gateway", 3, bytes: 48_000),
                Write("cms.save_draft", "cms-mcp", 5, records: 1),
                Execute("images.generate", "image-host", 2, ToolTarget.None, durationMs: 9_500),
                Send("cms.publish", "cms-mcp", 0.5),
            ]),
    ];

    private static string[] Regional(params string[] stems) =>
        [.. Regions.SelectMany(region => stems.Select(stem => stem + region))];

    private static SimulatedTool Read(
        string name, string server, double weight, double? records, double bytesPerRecord,
        SourceTrust source = SourceTrust.Internal, double durationMs = 160) => new()
        {
            Name = name,
            Server = server,
            Action = ToolAction.Read,
            Weight = weight,
            Records = records,
            ResultBytes = bytesPerRecord,
            ResultSource = source,
            DurationMs = durationMs,
        };

    private static SimulatedTool Fetch(string name, string server, double weight, double bytes) => new()
    {
        Name = name,
        Server = server,
        Action = ToolAction.Read,
        Weight = weight,
        Target = ToolTarget.None,
        ResultBytes = bytes,
        ResultSource = SourceTrust.Untrusted,
        DurationMs = 700,
    };

    private static SimulatedTool Write(
        string name, string server, double weight, double? records, ToolTarget target = ToolTarget.Dataset) => new()
        {
            Name = name,
            Server = server,
            Action = ToolAction.Write,
            Weight = weight,
            Target = target,
            Records = records,
            ResultBytes = 90,
            RequestBytes = 900,
            ResultSource = SourceTrust.Trusted,
            DurationMs = 240,
        };

    private static SimulatedTool Delete(string name, string server, double weight) => new()
    {
        Name = name,
        Server = server,
        Action = ToolAction.Delete,
        Weight = weight,
        Records = 25,
        ResultBytes = 12,
        ResultSource = SourceTrust.Trusted,
        DurationMs = 520,
    };

    private static SimulatedTool Execute(string name, string server, double weight, ToolTarget target, double durationMs) => new()
    {
        Name = name,
        Server = server,
        Action = ToolAction.Execute,
        Weight = weight,
        Target = target,
        ResultBytes = 2_200,
        RequestBytes = 1_300,
        DurationMs = durationMs,
    };

    private static SimulatedTool Admin(string name, string server, double weight) => new()
    {
        Name = name,
        Server = server,
        Action = ToolAction.Admin,
        Weight = weight,
        ResultBytes = 140,
        ResultSource = SourceTrust.Trusted,
        DurationMs = 210,
    };

    private static SimulatedTool Send(string name, string server, double weight) => new()
    {
        Name = name,
        Server = server,
        Action = ToolAction.Send,
        Weight = weight,
        Target = ToolTarget.Recipient,
        Records = 1,
        ResultBytes = 110,
        RequestBytes = 2_600,
        ResultSource = SourceTrust.Trusted,
        DurationMs = 320,
    };
}
