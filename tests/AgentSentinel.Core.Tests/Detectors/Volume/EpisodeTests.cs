using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

public sealed class EpisodeTests
{
    private const long Now = 1_000_000;

    [Fact]
    public void An_hour_that_fills_up_is_no_news_however_rare_it_becomes_and_a_sudden_minute_is()
    {
        var episode = default(Episode);
        episode.Note(Now, 2, true);
        Assert.True(episode.Holds(Now + 30, 9, isSudden: false));
        episode.Note(Now + 30, 9, true, isSudden: false);
        Assert.False(episode.Holds(Now + 31, 9));
    }

    [Fact]
    public void What_goes_on_is_no_news_unless_it_is_much_worse_than_what_was_told()
    {
        var episode = default(Episode);
        Assert.False(episode.Holds(Now, 2));
        var told = 0;
        for (var log = 2.0; log < 100; log += 0.5)
        {
            told += episode.Holds(Now + (long)log, log) ? 0 : 1;
            episode.Note(Now + (long)log, log, true);
        }

        // 2, 8 and 32.
        Assert.Equal(3, told);
    }

    [Fact]
    public void After_six_quiet_hours_it_is_over()
    {
        var episode = default(Episode);
        episode.Note(Now, 3, true);
        Assert.True(episode.Holds(Now + 360, 3));
        Assert.False(episode.Holds(Now + 361, 3));
        Assert.True(episode.IsSuspicious(Now + 60));
        Assert.False(episode.IsSuspicious(Now + 61));
    }

    [Fact]
    public void Three_hours_make_it_lasting_and_learned_and_it_then_holds_over_a_night()
    {
        var episode = default(Episode);
        for (var hour = 0; hour < 3; hour++)
        {
            episode.Note(Now + (60 * hour), 3, true);
        }

        Assert.True(episode.IsLasting);
        Assert.False(episode.IsSuspicious(Now + 121));
        Assert.True(episode.Holds(Now + 120 + 1440, 3));
        Assert.False(episode.Holds(Now + 120 + (6 * 1440), 3));
    }

    [Fact]
    public void A_new_normal_that_was_none_is_given_up_after_half_a_day()
    {
        var (lasting, over) = (default(Episode), default(Episode));
        lasting.Note(Now, 3, false, isDrift: true);
        over.Note(Now, 3, false, isDrift: true);
        for (var hour = 1; hour <= 13; hour++)
        {
            lasting.EndHour(Now + (60 * hour), 20, 10);
            over.EndHour(Now + (60 * hour), 10, 10);
        }

        Assert.True(lasting.Holds(Now + 900, 3));
        Assert.False(over.Holds(Now + 900, 3));
    }

    [Fact]
    public void It_survives_saving()
    {
        var episode = default(Episode);
        episode.Note(Now, 3.5, true);
        episode.Note(Now + 100, 9.5, true, isDrift: true);
        episode.EndHour(Now + 120, 5, 4);
        var writer = new MemoryWriter();
        episode.Save(writer);
        var reader = new MemoryReader(writer.Written);
        var loaded = default(Episode);
        loaded.Load(ref reader);
        reader.ExpectEnd();
        Assert.Equal(episode, loaded);
    }
}
