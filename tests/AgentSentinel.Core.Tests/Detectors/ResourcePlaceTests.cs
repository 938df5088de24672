using AgentSentinel.Core.Detectors;

namespace AgentSentinel.Core.Tests.Detectors;

public sealed class ResourcePlaceTests
{
    [Theory]
    [InlineData("crm/contacts/eu", "crm/contacts")]
    [InlineData("https://www.example.com/a/b?c", "www.example.com")]
    [InlineData("url:www.example.com/a", "www.example.com")]
    [InlineData("email:bob@example.com", "example.com")]
    [InlineData("iban:DE123", "iban:")]
    [InlineData("payroll", "payroll")]
    [InlineData("", "")]
    [InlineData("://", "")]
    [InlineData("/", "")]
    public void A_resource_lies_in_its_place(string resource, string place) => Assert.Equal(place, ResourcePlace.Of(resource).ToString());
}
