using AgentSentinel.Simulator.Habits;
using AgentSentinel.Simulator.Incidents;

namespace AgentSentinel.Simulator;

/// <summary>Kinds as people write them: kebab-case on the command line, snake_case in labels; both are read.</summary>
public static class KindNames
{
    /// <summary>Kinds of agents.</summary>
    public static IReadOnlyList<string> OfAgents { get; } = [.. Enum.GetValues<Habit>().Select(Of)];

    /// <summary>Kinds of incidents, without benign ones.</summary>
    public static IReadOnlyList<string> OfIncidents { get; } = [.. IncidentCatalogue.All.Where(script => !script.IsBenign).Select(script => Kebab(script.Name))];

    /// <summary>Kinds of benign disturbances.</summary>
    public static IReadOnlyList<string> OfDisturbances { get; } = [.. IncidentCatalogue.All.Where(script => script.IsBenign).Select(script => Kebab(script.Name))];

    /// <summary>The name of a kind of agent, such as <c>office-hours</c>.</summary>
    public static string Of(Habit habit) => Kebab(LabelOf(habit));

    /// <summary>The same as it stands in labels, such as <c>office_hours</c>.</summary>
    public static string LabelOf(Habit habit) => habit switch
    {
        Habit.OfficeHours => "office_hours",
        Habit.Diurnal => "diurnal",
        Habit.CronLike => "cron_like",
        Habit.Sparse => "sparse",
        Habit.Steady => "steady",
        Habit.SessionDriven => "session_driven",
        Habit.Growing => "growing",
        Habit.Redeployed => "redeployed",
        Habit.Seasonal => "seasonal",
        Habit.Sleeping => "sleeping",
        Habit.MonthEnd => "month_end",
        Habit.Moving => "moving",
        _ => throw new ArgumentOutOfRangeException(nameof(habit), habit, "Habit without a name."),
    };

    /// <summary>The name of a kind of incident, such as <c>burst-x10</c>.</summary>
    public static string Of(IncidentKind kind) => Kebab(IncidentCatalogue.Of(kind).Name);

    /// <summary>Reads the name of a kind of agent.</summary>
    public static bool TryParse(string name, out Habit habit) => TryFind(Enum.GetValues<Habit>(), Of, name, out habit);

    /// <summary>Reads the name of a kind of incident or disturbance.</summary>
    public static bool TryParse(string name, out IncidentKind kind) => TryFind(Enum.GetValues<IncidentKind>(), Of, name, out kind);

    private static bool TryFind<T>(T[] kinds, Func<T, string> nameOf, string name, out T found)
        where T : struct
    {
        int position = Array.FindIndex(kinds, kind => nameOf(kind) == Kebab(name.Trim()));
        found = position < 0 ? default : kinds[position];
        return position >= 0;
    }

    private static string Kebab(string name) => name.Replace('_', '-');
}
