using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class DecayedMomentsTests
{
    private static readonly HalfLife OneDay = new(TimeSpan.FromDays(1));

    [Fact]
    public void Half_is_kept_after_one_half_life_and_nothing_is_unforgotten()
    {
        Assert.Equal(0.5, OneDay.Keep(TimeSpan.FromDays(1)), 1e-15);
        Assert.Equal(1, OneDay.Keep(TimeSpan.FromDays(-3)));
        Assert.Equal(0, OneDay.Keep(TimeSpan.MaxValue));
        Assert.Equal(1, default(HalfLife).Keep(TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HalfLife(TimeSpan.Zero));
    }

    [Fact]
    public void Decay_may_be_applied_late_and_at_once()
    {
        var moments = default(DecayedMoments).Add(3).Add(5);
        DecayedMoments lazily = moments.Decay(OneDay.Keep(TimeSpan.FromHours(30))).Add(9);
        DecayedMoments hourly = moments;
        for (int hour = 0; hour < 30; hour++)
        {
            hourly = hourly.Decay(OneDay.Keep(TimeSpan.FromHours(1)));
        }

        hourly = hourly.Add(9);
        Assert.Equal(lazily.Mean, hourly.Mean, 1e-13);
        Assert.Equal(lazily.Variance, hourly.Variance, 1e-12);
        Assert.Equal(lazily.EffectiveCount, hourly.EffectiveCount, 1e-12);
    }

    [Fact]
    public void Without_decay_they_are_the_sample_mean_and_the_unbiased_variance()
        => Gen.Double[-1e6, 1e6].Array[2, 50].Sample(values =>
        {
            DecayedMoments moments = values.Aggregate(default(DecayedMoments), (m, value) => m.Add(value));
            double mean = values.Average();
            double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
            Assert.Equal(mean, moments.Mean, 1e-6);
            Assert.Equal(variance, moments.Variance, 1e-9 * (variance + 1e3));
            Assert.Equal(values.Length, moments.EffectiveCount, 1e-9);
        }, iter: 500);

    [Fact]
    public void The_first_observation_is_the_mean_and_says_nothing_of_the_variance()
    {
        Assert.Equal(7, default(DecayedMoments).Add(7).Mean);
        Assert.Equal(0, default(DecayedMoments).Add(7).Variance);
        Assert.Equal(0, default(DecayedMoments).Variance);
        Assert.Equal(0, default(DecayedMoments).EffectiveCount);
    }

    [Fact]
    public void The_variance_of_decayed_noise_is_not_biased()
    {
        var random = new Random(20240501);
        double sum = 0;
        const int Repetitions = 4000;
        for (int i = 0; i < Repetitions; i++)
        {
            var moments = default(DecayedMoments);
            for (int j = 0; j < 12; j++)
            {
                moments = moments.Decay(OneDay.Keep(TimeSpan.FromHours(10))).Add(Math.Sqrt(12) * random.NextDouble());
            }

            sum += moments.Variance;
        }

        Assert.Equal(1, sum / Repetitions, 0.03);
    }

    [Fact]
    public void After_an_age_the_mean_stands_and_the_next_observation_replaces_it()
    {
        DecayedMoments old = default(DecayedMoments).Add(3).Add(5).Decay(OneDay.Keep(TimeSpan.FromDays(100_000)));
        Assert.Equal(4, old.Mean);
        Assert.Equal(0, old.Variance);
        Assert.Equal(10, old.Add(10).Mean);
        Assert.Equal(1, old.Add(10).EffectiveCount, 1e-12);
    }

    [Fact]
    public void A_wild_observation_moves_the_winsorised_mean_by_a_bounded_step()
    {
        var moments = default(DecayedMoments);
        for (int i = 0; i < 100; i++)
        {
            moments = moments.Add(i % 2 == 0 ? 9 : 11);
        }

        double reach = 6 * moments.Deviation + 6;
        DecayedMoments hit = moments.AddWinsorized(1e9, 6, 6);
        Assert.Equal(moments.Mean + reach / 101, hit.Mean, 1e-9);
        Assert.Equal(moments.Mean - reach, moments.Winsorize(double.NegativeInfinity, 6, 6), 1e-9);
        Assert.Equal(10.5, moments.Winsorize(10.5, 6, 6));
        Assert.Equal(1e9, default(DecayedMoments).Add(1).Winsorize(1e9, 6, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => moments.Winsorize(1, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => moments.Winsorize(1, 1, double.NaN));
    }

    [Fact]
    public void They_stay_finite_whatever_is_added_and_forgotten()
        => Gen.Select(Gen.Double[-1e150, 1e150], Gen.Double[-100, 100], Gen.Double[0, 1e6]).Array[1, 20].Sample(steps =>
        {
            var moments = default(DecayedMoments);
            foreach ((double value, double logWeight, double days) in steps)
            {
                moments = moments.Decay(OneDay.Keep(TimeSpan.FromDays(days))).Add(value, Math.Clamp(Math.Pow(10, logWeight), 1e-100, 1e100));
                Assert.True(double.IsFinite(moments.Mean) && double.IsFinite(moments.Deviation) && double.IsFinite(moments.EffectiveCount));
                Assert.True(moments.Variance >= 0);
            }
        }, iter: 500);

    [Fact]
    public void What_is_no_observation_is_refused()
    {
        foreach (double value in (double[])[double.NaN, double.PositiveInfinity, 2e150])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => default(DecayedMoments).Add(value));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => default(DecayedMoments).Add(1, double.NaN));
    }

    [Fact]
    public void They_come_back_from_memory_bit_for_bit()
    {
        DecayedMoments moments = default(DecayedMoments).Add(0.1).Decay(OneDay.Keep(TimeSpan.FromHours(7))).Add(0.3);
        var writer = new MemoryWriter();
        moments.Save(writer);
        var reader = new MemoryReader(writer.Written);
        Assert.Equal(moments, DecayedMoments.Load(ref reader));
        reader.ExpectEnd();
    }

    [Fact]
    public void Damaged_memory_is_refused()
    {
        var writer = new MemoryWriter();
        writer.WriteDouble(-1);
        writer.WriteDouble(0);
        Assert.Throws<MemoryFormatException>(() => Load(writer.Written));
        writer.Clear();
        writer.WriteDouble(double.NaN);
        writer.WriteDouble(0);
        Assert.Throws<MemoryFormatException>(() => Load(writer.Written));
    }

    private static DecayedMoments Load(ReadOnlySpan<byte> saved)
    {
        var reader = new MemoryReader(saved);
        return DecayedMoments.Load(ref reader);
    }
}
