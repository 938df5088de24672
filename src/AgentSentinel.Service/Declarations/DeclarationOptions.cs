using System.ComponentModel;

namespace AgentSentinel.Service.Declarations;

/// <summary>Files in which people declare what they know and want, apart from the options of the service.</summary>
public sealed record DeclarationOptions
{
    /// <summary>The registry of agents, YAML or JSON; null when there is none.</summary>
    [Description("File (YAML or JSON) with the registry of agents and the labels of resources. Empty: nothing is declared.")]
    public string? RegistryFile { get; init; }

    /// <summary>The calendar, iCalendar; null when there is none.</summary>
    [Description("File (iCalendar) with holidays and planned changes. All-day events are holidays: work is then expected to be as at the weekend. Events with times are planned changes: unusual volume of the agents that X-SENTINEL-AGENTS names (globs; all without it) is then evidence, but no alarm. Empty: none.")]
    public string? CalendarFile { get; init; }

    /// <summary>Zone in which dates, and times without a zone, of the calendar are meant.</summary>
    [Description("Time zone (IANA name) in which the calendar's dates, and its times without a zone, are meant.")]
    public string CalendarTimeZone { get; init; } = "UTC";

    /// <summary>The policy, YAML or JSON; null for the built-in one.</summary>
    [Description("File (YAML or JSON) with the response policy. Empty: from the severity Response:Suspension:SuspendAt on the agent is suspended.")]
    public string? PolicyFile { get; init; }

    /// <summary>The fleet model; null for what is built in.</summary>
    [Description("Folder of a fleet model, models/NAME/VERSION, that sentinel train wrote: what young agents borrow. A partition that has learned already goes on from that. Empty: what is built in.")]
    public string? ModelFolder { get; init; }
}
