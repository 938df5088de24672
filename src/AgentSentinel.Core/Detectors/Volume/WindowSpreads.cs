using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>How counts vary in the windows of a <see cref="CallModel"/>. 96 bytes.</summary>
internal struct WindowSpreads
{
    private const double MemoryMinutes = 7 * 1440;

    // What was expected in the first week was often wrong: its errors say little of those to come.
    private const double KeptAfterFirstWeek = 0.01;

    // A session does not end with a window: a longer one has at least this part of the sessions of a shorter one. By busy hours alone, sessions and days that differ
    // can hardly be told apart, and what is taken for days lets the first session of a night look impossible.
    private const double SessionKept = 0.2;

    private static readonly double Keep1 = Math.Exp(-1 / MemoryMinutes);
    private static readonly double Keep5 = Math.Exp(-5 / MemoryMinutes);
    private static readonly double Keep360 = Math.Exp(-360 / MemoryMinutes);

    /// <summary>Of a minute.</summary>
    public SolvedSpread One;

    /// <summary>Of five minutes.</summary>
    public SolvedSpread Five;

    /// <summary>Of an hour.</summary>
    public Spread Hour;

    /// <summary>Of six hours.</summary>
    public Spread SixHours;

    /// <summary>What is left of the past after an hour.</summary>
    public static double Keep60 { get; } = Math.Exp(-60 / MemoryMinutes);

    /// <summary>Begins with nothing known.</summary>
    public void Begin()
    {
        One.Begin();
        Five.Begin();
    }

    /// <summary>
    /// What of a minute's count is learned: one wild minute makes no habit, and a suspicious one is learned as if it had been as expected, which moves nothing. In the first week there is no habit yet that it could be held against.
    /// </summary>
    public readonly double Learned(double count, double mean, LearningGate gate, bool isFirstWeek) =>
        gate == LearningGate.Suspicious && !isFirstWeek ? mean
        : count <= mean + 6 || (isFirstWeek && gate == LearningGate.Open) ? count
        : Math.Min(count, mean + 6 + (6 * Math.Sqrt(mean + (One.At(mean) * mean * mean))));

    /// <summary>The dispersion of half an hour or an hour.</summary>
    public readonly double OfHour(double mean) => At(Hour, SessionKept * Five.Parts.Session, mean);

    /// <summary>The dispersion of six hours.</summary>
    public readonly double OfSixHours(double mean) => At(SixHours, SessionKept * Math.Max(Hour.Parts.Session, SessionKept * Five.Parts.Session), mean);

    public void LearnMinutes(double count, double mean, int minutes) => One.Learn(count, mean, Keep1, minutes);

    public void LearnBin(double count, double mean) => Five.Learn(count, mean, Keep5);

    public void LearnHour(double count, double mean) => Hour.Learn(count, mean, Keep60);

    public void LearnSixHours(double count, double mean) => SixHours.Learn(count, mean, Keep360);

    /// <summary>Forgets most of the first day, in which nothing was known that could be expected, and most of the first week.</summary>
    /// <param name="age">Hours that the agent is known.</param>
    /// <param name="change">How its hours vary about the profile.</param>
    public void EndHour(long age, ref LevelChange change)
    {
        if (age == 24 * CallModel.SilentDays)
        {
            One.Limit();
            Five.Limit();
            Hour.Limit();
            SixHours.Limit();
            change.Limit();
        }
        else if (age == CallForecast.HoursToLevel)
        {
            One.Fade(KeptAfterFirstWeek);
            Five.Fade(KeptAfterFirstWeek);
            Hour.Fade(KeptAfterFirstWeek);
            SixHours.Fade(KeptAfterFirstWeek);
            change.Fade(KeptAfterFirstWeek);
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        One.Save(writer);
        Five.Save(writer);
        Hour.Save(writer);
        SixHours.Save(writer);
    }

    public void Load(ref MemoryReader reader)
    {
        One.Load(ref reader);
        Five.Load(ref reader);
        Hour.Load(ref reader);
        SixHours.Load(ref reader);
    }

    private static double At(in Spread spread, double leastSession, double mean)
    {
        var (session, square) = spread.Parts;
        return Spread.At((Math.Max(session, leastSession), square), mean);
    }
}
