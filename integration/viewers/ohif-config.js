// SPDX-License-Identifier: Apache-2.0
// OHIF as the tests serve it: one data source, the Orthanc behind the same address.
window.config = {
  name: "cxr-triage",
  routerBasename: null,
  extensions: [],
  modes: [],
  showStudyList: true,
  showErrorDetails: "always",
  customizationService: [{ autoCineModalities: { $set: ["US"] } }], // a cine player would cover captures (OT) otherwise
  investigationalUseDialog: { option: "never" },
  defaultDataSourceName: "orthanc",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "orthanc",
      configuration: {
        friendlyName: "Orthanc",
        name: "orthanc",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        wadoUriRoot: "/wado",
        qidoSupportsIncludeField: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};
