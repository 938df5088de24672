using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Statistics;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Service.Tests.Declarations;

public sealed class FleetModelTests
{
    [Fact]
    public void Detectors_begin_with_what_the_model_says_and_keep_the_rest()
    {
        var declared = new DeclarationSet(Core.Registry.AgentRegistry.Empty, WorkCalendar.Empty, null)
        {
            Model = Read("""{"name": "m", "version": "7", "detectors": [{"name": "volume", "channels": [{"name": "records", "location": 2.5, "scale": 0.75}]}]}""", out var errors),
        };
        Assert.Empty(errors);
        Assert.Equal(("m", "7"), (declared.Model!.Name, declared.Model.Version));

        var (builtIn, begun) = (Volume(null), Volume(declared));
        Assert.Equal(new GumbelPrior(2.5, 0.75), begun["records"]);
        Assert.Equal(builtIn.Where(p => p.Key != "records"), begun.Where(p => p.Key != "records"));
    }

    [Fact]
    public void Every_error_is_told_with_its_line()
    {
        Read(
            """
            name: fleet
            version: 1
            detectors:
              - name: volum
                channels: []
              - name: volume
                channels:
                  - name: calls_per_2_minutes
                    location: 1
                    scale: 1
                  - name: records
                    location: 9
                    scale: -1
                  - name: bytes
                    location: 1
                  - name: tokens
                    location: 1
                    scale: 1
                    shape: 0
              - name: volume
            weights: []
            """,
            out var errors);
        Assert.True(errors.Select(e => e.Line).Order().SequenceEqual([4L, 8, 11, 11, 14, 19, 20, 21]), string.Join("\n", errors));
    }

    [Fact]
    public void A_folder_without_a_model_is_an_error()
    {
        DeclarationSet.Read(new DeclarationOptions { ModelFolder = "not-there" }, out var errors);
        Assert.Contains("not-there", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, GumbelPrior> Volume(DeclarationSet? declared) =>
        LineDetectors.Create(new SentinelOptions(), declared).Single(detector => detector.Name == "volume").Priors;

    private static FleetModel? Read(string text, out IReadOnlyList<DeclarationError> errors)
    {
        var folder = Directory.CreateTempSubdirectory("sentinel-model-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, FleetModel.ParametersFile), text);
            return DeclarationSet.Read(new DeclarationOptions { ModelFolder = folder.FullName }, out errors).Model;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
