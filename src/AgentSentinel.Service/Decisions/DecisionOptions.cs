using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Service.Provenance;

namespace AgentSentinel.Service.Decisions;

/// <summary>What gateways are answered that ask whether an agent may act.</summary>
public sealed record DecisionOptions
{
    [Description("What is answered while the table of suspensions may be out of date, for agents that it does not name: Open allows them and says so, Closed denies them. Agents that it names are denied either way.")]
    public FailMode WhenStale { get; init; } = FailMode.Open;

    [Description("How long ago the journal may last have been seen to hold nothing new before the table counts as out of date. The journal's end is asked for once a second.")]
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(10);
}
