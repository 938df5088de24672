using AgentSentinel.Core.Response;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;

namespace AgentSentinel.Cli.Demo;

/// <summary>The people of the demo's SOC: they deal with what the days behind have brought, so that the console has a past, and leave one thing for whoever opens it.</summary>
internal sealed class DemoPeople(OperatorCommands commands, CommandOutcomes outcomes, JournalFold journal, IncidentQueries incidents, SuspensionQueries suspensions, OverviewQueries overview, TimeProvider time)
{
    private const string Analyst = "emma";
    private const string Responder = "noor";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>After the learning: what was found with young baselines says little.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        foreach (var suspension in Standing())
        {
            await SendAsync(OperatorCommandKind.Lift, suspension.Id, Responder, "found with young baselines, nothing behind it", null, cancellationToken);
        }

        foreach (var incident in Open())
        {
            await SendAsync(OperatorCommandKind.Dismiss, incident.Id, Analyst, "baselines were young", null, cancellationToken);
        }

        await CatchUpAsync(cancellationToken);
    }

    /// <summary>Before the day that is shown: verdicts, lifts, and a proposal that needs one more person.</summary>
    /// <param name="protectedAgent">The agent that two people must agree on.</param>
    /// <param name="isReal">Whether something was really wrong with an agent.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task DealAsync(string? protectedAgent, Func<string, bool> isReal, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        foreach (var suspension in Standing().Where(s => s.AgentId != protectedAgent))
        {
            if (!isReal(suspension.AgentId))
            {
                await SendAsync(OperatorCommandKind.Verdict, suspension.Id, Analyst, "looked at the calls with the owner: ordinary work", Verdict.False, cancellationToken);
                continue;
            }

            await SendAsync(OperatorCommandKind.Verdict, suspension.Id, Analyst, "the owner confirms that this was not its task", Verdict.Justified, cancellationToken);
            await SendAsync(OperatorCommandKind.Lift, suspension.Id, Responder, "credentials rotated, prompt and tools reviewed", null, cancellationToken);
        }

        foreach (var incident in Open().Where(i => i.AgentId != protectedAgent))
        {
            await SendAsync(OperatorCommandKind.Dismiss, incident.Id, Analyst, isReal(incident.AgentId) ? "dealt with" : "explained by the owner", null, cancellationToken);
        }

        if (protectedAgent is not null)
        {
            await (Standing().FirstOrDefault(s => s.AgentId == protectedAgent) is { State: "proposed" } proposed
                ? SendAsync(OperatorCommandKind.Approve, proposed.Id, Responder, "agreed, it must stop", null, cancellationToken)
                : SendAsync(OperatorCommandKind.Suspend, protectedAgent, Responder, "what it does is not its task; its owner cannot be reached", null, cancellationToken));
        }

        await CatchUpAsync(cancellationToken);
    }

    private List<SuspensionRow> Standing() =>
        [.. suspensions.List(new SuspensionFilter { HasEnded = false }, false, new PageRequest(PageRequest.MostRows)).Items.Where(s => s.State != "lifting")];

    private List<IncidentRow> Open() => [.. incidents.List(new IncidentFilter { IsOpen = true }, IncidentOrder.Opened, false, new PageRequest(PageRequest.MostRows)).Items];

    private async Task SendAsync(OperatorCommandKind kind, string target, string actor, string reason, Verdict? verdict, CancellationToken cancellationToken)
    {
        var receipt = await commands.SendAsync(new CommandRequest(kind, target, reason) { Verdict = verdict }, actor, null, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await outcomes.WaitAsync(receipt.CommandId ?? "", patience.Token);
    }

    /// <summary>Until history shows what is in the journal, and nothing new has come for a moment: windows close a little later.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var (began, position, quietSince) = (time.GetTimestamp(), -1L, time.GetTimestamp());
        while (time.GetElapsedTime(began) < Patience && time.GetElapsedTime(quietSince) < TimeSpan.FromMilliseconds(700))
        {
            var now = journal.Status?.JournalPosition ?? -1;
            if (now != position || overview.Read().JournalPosition < now)
            {
                (position, quietSince) = (now, time.GetTimestamp());
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
