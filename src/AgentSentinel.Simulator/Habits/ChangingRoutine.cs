using AgentSentinel.Simulator.Randomness;
using AgentSentinel.Simulator.Sessions;

namespace AgentSentinel.Simulator.Habits;

/// <summary>An office worker's or a round-the-clock agent's work under a law of change.</summary>
internal sealed record ChangingRoutine(IRoutine Usual, IRateLaw Law, RateNoise Noise) : IRoutine
{
    public SessionShape Shape => Usual.Shape;

    /// <summary>None: incidents that need hours choose agents whose hours do not change.</summary>
    public WorkingHours? Hours => null;

    /// <summary>The usual routine's: what counts as awake must not depend on one busy week.</summary>
    public double PeakSessionsPerHour => Usual.PeakSessionsPerHour;

    public static ChangingRoutine Draw(IRateLaw law, Timeline timeline, SeededRandom random) => new(
        random.Chance(0.5) ? OfficeHoursRoutine.Draw(timeline, random) : DiurnalRoutine.Draw(timeline, random),
        law,
        RateNoise.Draw(random));

    public double SessionsPerHour(DateTime wallClock) => Usual.SessionsPerHour(Law.Clock(wallClock)) * Law.Factor(wallClock);

    public IEnumerable<long> Starts(Timeline timeline, SeededRandom random) =>
        RatedStarts.Draw(SessionsPerHour, timeline, new Period(0, timeline.EndMs), Noise, random);
}
