using System.Globalization;
using AgentSentinel.Core.Incidents;
using AgentSentinel.Web.Actions;
using AgentSentinel.Web.Live;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Pages;

/// <summary>The page of the moment: whether all is well, and if not, what comes first.</summary>
public sealed partial class NowPage : LivePage
{
    [Inject]
    private ActionCases Cases { get; set; } = null!;

    /// <inheritdoc />
    protected override bool ShowsNumbers => true;

    private long Stopped => Snapshot.Overview.Suspensions.Where(s => s.Key is not ("proposed" or "lifting")).Sum(s => s.Value);

    private string BudgetPercent => string.Create(
        CultureInfo.InvariantCulture, $"{(Snapshot.Automation.MostPerHour == 0 ? 0 : 100.0 * Snapshot.Automation.Left / Snapshot.Automation.MostPerHour):0}%");

    // The tab says it too, for whoever has another one open.
    private string Title
    {
        get
        {
            var urgent = Snapshot.Overview.OpenIncidents.Where(i => i.Key >= Severity.High).Sum(i => i.Value);
            return urgent > 0 ? string.Create(CultureInfo.InvariantCulture, $"({urgent}) Now · AgentSentinel") : "Now · AgentSentinel";
        }
    }

    /// <inheritdoc />
    protected override void Read()
    {
        // Everything that is shown here is in the snapshot.
    }
}
