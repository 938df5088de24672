using AgentSentinel.Core.Detectors.Volume;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class SpreadTests
{
    // Of spans of five minutes, with a memory of a week.
    private static readonly double Keep = Math.Exp(-5.0 / (7 * 1440));

    private Spread _spread;

    [Fact]
    public void What_is_believed_at_first_is_not_undone_by_a_little_silence()
    {
        var (session, square) = _spread.Parts;
        Silence(spans: 25, mean: 0.01);
        Assert.Equal(session, _spread.Parts.Session, 0.01);
        Assert.Equal(square, _spread.Parts.Square, 0.01);
    }

    [Fact]
    public void Silence_where_calls_were_expected_is_no_evidence_that_calls_come_one_by_one()
    {
        var before = _spread.Parts.Session;
        Silence(spans: 1000, mean: 0.05);
        Assert.InRange(_spread.Parts.Session, before / 3, before);
    }

    [Fact]
    public void Calls_that_come_one_by_one_are_evidence_of_it()
    {
        var before = _spread.Parts.Session;
        for (var call = 0; call < 500; call++)
        {
            Silence(spans: 9, mean: 0.1);
            _spread.Learn(1, 0.1, Keep);
        }

        Assert.InRange(_spread.Parts.Session, 0, before / 3);
    }

    [Fact]
    public void The_sessions_of_an_agent_that_is_seldom_seen_are_remembered_through_its_silence()
    {
        for (var session = 0; session < 10; session++)
        {
            Silence(spans: 500, mean: 0.01);
            _spread.Learn(5, 0.01, Keep);
        }

        var before = _spread.Parts.Session;
        Assert.InRange(before, 1, 4);
        Silence(spans: 4 * 2016, mean: 0.0001);
        Assert.InRange(_spread.Parts.Session, 0.95 * before, before);
    }

    [Fact]
    public void An_agent_that_is_often_seen_is_remembered_for_weeks_only()
    {
        for (var span = 0; span < 4 * 2016; span++)
        {
            _spread.Learn(span % 20 == 0 ? 20 : 0, 1, Keep);
        }

        Assert.True(_spread.At(1) > 5);
        for (var span = 0; span < 8 * 2016; span++)
        {
            _spread.Learn(1, 1, Keep);
        }

        Assert.True(_spread.At(1) < 0.1);
    }

    [Fact]
    public void What_was_believed_wrongly_does_not_keep_off_what_corrects_it()
    {
        // A start that nobody foresaw.
        for (var span = 0; span < 40; span++)
        {
            _spread.Learn(300, 0.2 * span, Keep);
        }

        Assert.True(_spread.At(300) > 10);
        for (var span = 0; span < 2016; span++)
        {
            _spread.Learn(span % 2 == 0 ? 317 : 283, 300, Keep);
        }

        Assert.InRange(_spread.At(300), 0, 1);
    }

    [Fact]
    public void Sessions_and_rates_that_differ_are_told_apart()
    {
        // Means of 1 and 20; a variance of μ + 2 μ + 0.5 μ², by two values about the mean.
        for (var span = 0; span < 20_000; span++)
        {
            var mean = span % 40 < 20 ? 1 : 20;
            var deviation = Math.Sqrt(mean + (2 * mean) + (0.5 * mean * mean));
            _spread.Learn(mean + (span % 2 == 0 ? deviation : -deviation), mean, Keep);
        }

        Assert.Equal(2, _spread.Parts.Session, 0.2);
        Assert.Equal(0.5, _spread.Parts.Square, 0.05);
    }

    private void Silence(int spans, double mean)
    {
        for (var span = 0; span < spans; span++)
        {
            _spread.Learn(0, mean, Keep);
        }
    }
}
