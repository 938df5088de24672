using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSentinel.Service.Audit;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Options;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Pages;

/// <summary>The journal, entry by entry, and whether the audit trail is as it was written.</summary>
public sealed partial class AuditPage : LivePage
{
    private const int PageSize = 50;
    private const int MostPages = 20;

    // Everything that is not plain is written as an escape: nothing in an entry can pass for something else.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Default };

    // Without what partitions tell each other, such as how many agents were active.
    private static readonly string[] Matters = ["anomaly", "command", "delivery", "registry_change", "seen"];

    private readonly List<AuditRow> _entries = [];
    private string _kind = "";
    private string _actor = "";
    private string _agent = "";
    private string? _next;
    private int _pages = 1;
    private string? _open;
    private string _json = "";
    private bool _isVerifying;
    private AuditVerification? _verification;

    [Inject]
    private AuditQueries Audit { get; set; } = null!;

    [Inject]
    private SentinelOptions Options { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <inheritdoc />
    protected override void Read()
    {
        _entries.Clear();
        _next = null;
        var filter = new AuditFilter
        {
            Kinds = _kind switch { "" => Matters, "*" => null, _ => [_kind] },
            Actor = _actor.Length > 0 ? _actor : null,
            AgentId = _agent.Length > 0 ? _agent : null,
        };
        for (var i = 0; i < Math.Min(_pages, MostPages) && (i == 0 || _next is not null); i++)
        {
            var page = Audit.List(filter, true, new PageRequest(PageSize, _next));
            _entries.AddRange(page.Items);
            _next = page.Next;
        }
    }

    private void Choose(Action choice)
    {
        choice();
        _pages = 1;
        ReadAgain();
    }

    private void Open(string id)
    {
        _open = _open == id ? null : id;
        if (_open is not null)
        {
            using var json = JsonDocument.Parse(Audit.FindJson(id) ?? "{}");
            _json = JsonSerializer.Serialize(json.RootElement, Readable);
        }
    }

    private async Task VerifyAsync()
    {
        _isVerifying = true;
        _verification = null;
        StateHasChanged();

        var path = AuditTrail.PathIn(Options.Checkpoints.Folder, Options.Audit);
        var key = Options.Audit.KeyFile is { Length: > 0 } file ? file : Path.Combine(Options.Checkpoints.Folder, "audit-key.pem");
        _verification = await AuditVerification.ReadAsync(path, AnchorKey.PublicPath(key), Time, CancellationToken.None);
        _isVerifying = false;
    }
}
