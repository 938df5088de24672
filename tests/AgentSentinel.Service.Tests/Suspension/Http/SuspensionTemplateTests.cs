using AgentSentinel.Service.Suspension.Http;

namespace AgentSentinel.Service.Tests.Suspension.Http;

public sealed class SuspensionTemplateTests
{
    private const string Good = """
        {"base_url":"https://idp.example.com","auth":"header","read":{"method":"GET","path":"/a/{{target}}","success":[200]},"identity":[{"pointer":"/id","equals":"{{target}}"}],
        "suspended":[{"pointer":"/on","equals":false}],"active":[{"pointer":"/on","equals":true}],
        "suspend":[{"method":"POST","path":"/off","success":[204]}],"lift":[{"method":"POST","path":"/on","success":[204]}]}
        """;

    [Fact]
    public void The_promised_templates_come_with_the_product() => Assert.Equal(
        ["entra-agent-identity", "gcp-service-account", "github-app", "keycloak-client", "okta-app", "okta-user", "vault-entity"], SuspensionTemplate.BuiltIn);

    [Theory]
    [InlineData("", "", null)]
    [InlineData("\"auth\":\"header\"", "\"auth\":\"hope\"", "auth must be")]
    [InlineData("\"method\":\"POST\"", "\"method\":\"TRACE\"", "method is")]
    [InlineData("\"path\":\"/off\"", "\"path\":\"https://evil.example/\"", "begins with /")]
    [InlineData("\"identity\":[{\"pointer\":\"/id\",\"equals\":\"{{target}}\"}],", "", "'identity' is missing")]
    [InlineData("\"base_url\"", "\"colour\":1,\"base_url\"", "'colour' is not known")]
    [InlineData("{\"base_url\"", "{{\"base_url\"", "cannot be used")]
    [InlineData("\"equals\":false", "\"is\":false", "either equals or is_absent_or")]
    public void A_template_of_ones_own_is_read_strictly(string from, string to, string? expected)
    {
        using var file = new TemporaryFile(from.Length == 0 ? Good : Good.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(expected is null, SuspensionTemplate.TryLoad(file.Path, out _, out var error));
        Assert.Contains(expected ?? "", error ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Options_name_everything_that_a_template_lacks()
    {
        var errors = new HttpAdapterOptions { Template = "keycloak-client", Agents = [new() { Agent = "a", Target = "x" }, new() { Agent = "a", Target = ".." }] }.Validate().ToArray();
        Assert.Contains(errors, e => e.StartsWith("BaseUrl: ", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("ClientId: ", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("ClientSecretFile: ", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("'realm'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("named twice", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("'..'", StringComparison.Ordinal));
        Assert.Contains("Template: is neither", Assert.Single(new HttpAdapterOptions { Template = "nowhere" }.Validate()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/0", "\"x\"", true)]
    [InlineData("/a/2", "\"x\"", false)]
    [InlineData("/b~1c/~0", "1", true)]
    [InlineData("/n", "null", true)]
    [InlineData("/m", "null", false)]
    [InlineData("/num", "\"{{target}}\"", true)]
    [InlineData("/num", "\"48\"", false)]
    public void A_check_finds_what_its_pointer_names(string pointer, string expected, bool holds)
    {
        using var state = System.Text.Json.JsonDocument.Parse("""{"a":["x"],"b/c":{"~":1},"n":null,"num":47}""");
        var check = new TemplateCheck(pointer, System.Text.Json.Nodes.JsonNode.Parse(expected), MayBeAbsent: false, IsNegated: false);
        Assert.Equal(holds, check.Holds(state.RootElement, new Dictionary<string, string> { ["target"] = "47" }));
    }

    [Fact]
    public void A_target_stays_one_segment_of_a_path_and_one_text_of_a_body()
    {
        var values = new Dictionary<string, string> { ["target"] = "../a?b=c#d\"},{\"x\":1 \r\n" };
        Assert.Equal("/v1/..%2Fa%3Fb%3Dc%23d%22%7D%2C%7B%22x%22%3A1%20%0D%0A/off", TemplateText.InUrl("/v1/{{target}}/off", values));
        var body = TemplateText.In(System.Text.Json.Nodes.JsonNode.Parse("""{"id":"{{target}}"}"""), values)!;
        Assert.Equal(values["target"], System.Text.Json.Nodes.JsonNode.Parse(body.ToJsonString())!["id"]!.GetValue<string>());
    }
}
